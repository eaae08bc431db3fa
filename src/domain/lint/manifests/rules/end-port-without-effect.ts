import { placeOf } from '../linted-policy.js';
import type { ManifestRule } from '../manifest-facts.js';

/** Legal, and only a source of doubt: plugins without support for endPort need not meet it. */
export const endPortWithoutEffect: ManifestRule = {
  code: 'end-port-without-effect',
  severity: 'info',
  what: 'An endPort that is the port itself.',
  mend: 'Remove endPort, or raise it to the last port of the range that was meant.',
  find: ({ policies }) =>
    policies.flatMap((policy) =>
      policy.rules.flatMap(({ path, ports }) =>
        ports.flatMap(({ port, endPort }, index) =>
          endPort === undefined || endPort !== port
            ? []
            : [
                {
                  path: placeOf(policy, [...path, 'ports', index, 'endPort']),
                  message: `NetworkPolicy ${policy.ref}: endPort ${endPort} is the port itself: the range is one port`,
                  value: String(endPort),
                },
              ],
        ),
      ),
    ),
};
