import { compareText } from '../../../errors.js';
import { placeOf } from '../linted-policy.js';
import type { ManifestRule } from '../manifest-facts.js';
import { someOf } from '../../rule.js';

/** A name means nothing at a pod that has no port of that name and protocol: the item opens nothing. */
export const portNameUnknown: ManifestRule = {
  code: 'port-name-unknown',
  severity: 'warning',
  what: 'A named port that no pod it is meant for has (with that protocol): it opens nothing.',
  mend: 'Use a name from the containers of the pods, or the number.',
  find: ({ ports, pods: lookup }) =>
    ports.flatMap(({ policy, path, port, pods, state }) => {
      if (state.kind !== 'no-such-name') return [];
      const names = new Set(
        pods.flatMap((pod) => lookup.all[pod]?.namedPorts ?? []).map(({ name, protocol }) => `${name} (${protocol})`),
      );
      const have = names.size === 0 ? 'they name none' : `they have: ${someOf([...names].sort(compareText))}`;
      return [
        {
          path: placeOf(policy, [...path, 'port']),
          message: `NetworkPolicy ${policy.ref}: no pod of ${someOf(lookup.refs(pods))} has a ${port.protocol ?? 'TCP'} port "${port.port}": ${have}`,
          value: String(port.port),
        },
      ];
    }),
};
