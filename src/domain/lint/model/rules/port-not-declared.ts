import { formatPort, lastPort, type PortRange } from '../../../model/ports.js';
import { someOf } from '../../rule.js';
import type { ModelRule } from '../model-facts.js';

/** Mostly the port of a Service: flows go to the port on which the pods listen. */
export const flowPortNotDeclared: ModelRule = {
  code: 'port-not-declared',
  severity: 'warning',
  what: 'A flow to a tier on a number that is none of the ports of the tier: often the port of its Service.',
  mend: 'Name one of the ports of the tier, or declare the port at the tier.',
  find: ({ flows }) =>
    flows.flatMap(({ flow, to }) => {
      if (to.kind !== 'tier' || to.tier.ports.length === 0) return [];
      const { tier } = to;
      return flow.ports.flatMap((port, index) => {
        if (typeof port === 'string' || tier.ports.some((own) => meet(own, port))) return [];
        const has = someOf(tier.ports.map((own) => `${own.name} (${formatPort(own)})`));
        return [
          {
            path: `flow/${flow.name}/ports/${index}`,
            message: `flow "${flow.name}" goes to ${formatPort(port)} of tier "${tier.ref}", which declares ${has}`,
            value: formatPort(port),
          },
        ];
      });
    }),
};

function meet(a: PortRange, b: PortRange): boolean {
  return a.protocol === b.protocol && a.port <= lastPort(b) && b.port <= lastPort(a);
}
