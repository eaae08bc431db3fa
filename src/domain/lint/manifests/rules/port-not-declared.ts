import { formatPort } from '../../../model/ports.js';
import { placeOf } from '../linted-policy.js';
import type { ManifestRule } from '../manifest-facts.js';
import { someOf } from '../../rule.js';

/** What containers declare is documentation, so this may be right; mostly it is a port that was moved, or the wrong protocol. */
export const portNotDeclared: ManifestRule = {
  code: 'port-not-declared',
  severity: 'info',
  what: 'A port on which no pod it is meant for says that it listens, though all of them say where they do.',
  mend: 'Correct the number or the protocol, or declare the port at the container.',
  find: ({ ports, pods: lookup }) =>
    ports.flatMap(({ policy, path, port, pods, state }) => {
      if (state.kind !== 'nobody-listens' || typeof port.port !== 'number') return [];
      const asked = formatPort({ ...port, port: port.port, protocol: port.protocol ?? 'TCP' });
      const listens = new Set(pods.flatMap((pod) => lookup.all[pod]?.listens ?? []).map(formatPort));
      return [
        {
          path: placeOf(policy, [...path, 'port']),
          message: `NetworkPolicy ${policy.ref}: ${someOf(lookup.refs(pods))} ${listens.size === 0 ? 'says nothing of' : `declares ${someOf([...listens])}, not`} ${asked}`,
          value: asked,
        },
      ];
    }),
};
