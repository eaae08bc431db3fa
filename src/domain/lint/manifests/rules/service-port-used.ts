import { placeOf } from '../linted-policy.js';
import type { ManifestRule } from '../manifest-facts.js';

/** Policies see the connection as it arrives at the pod: after a Service has changed the port. */
export const servicePortUsed: ManifestRule = {
  code: 'service-port-used',
  severity: 'warning',
  what: 'The port of a Service where the port of its pods was meant: policies hold at the pods.',
  mend: 'Use the targetPort of the Service: the port on which the pods listen.',
  find: ({ ports }) =>
    ports.flatMap(({ policy, path, port, state }) => {
      if (state.kind !== 'port-of-service') return [];
      const { service, target } = state.service;
      return [
        {
          path: placeOf(policy, [...path, 'port']),
          message: `NetworkPolicy ${policy.ref}: port ${port.port} is that of Service ${service.namespace}/${service.name}, which sends to port ${target} of its pods: connections arrive there and are not allowed by this port`,
          value: String(port.port),
          mend: `Write port ${target} instead of ${port.port}.`,
        },
      ];
    }),
};
