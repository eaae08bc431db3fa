import { compareText } from '../../errors.js';
import type { Flow, FlowPort } from '../../model/entities.js';
import { formatPort } from '../../model/ports.js';
import type { FlowRule } from '../flow-facts.js';

/** No two flows say the same: same ends, same ports, and an environment in which both hold. */
export const notADuplicate: FlowRule = ({ name, flow, sameEnds }) => {
  const { ports } = flow;
  if (ports === undefined || flow.from === undefined || flow.to === undefined) return [];
  const twin = sameEnds.find(
    (other) => other.name !== flow.name && portsKey(other.ports) === portsKey(ports) && meet(other, flow),
  );
  if (twin === undefined) return [];
  return [
    {
      pointer: '#',
      code: 'duplicate-flow',
      detail: `flow "${name}" says what flow "${twin.name}" says already: same ends, same ports`,
      value: twin.name,
    },
  ];
};

function portsKey(ports: readonly FlowPort[]): string {
  const texts = ports.map((port) => (typeof port === 'string' ? port : formatPort(port)));
  return [...new Set(texts)].sort(compareText).join();
}

function meet(a: Partial<Flow>, b: Partial<Flow>): boolean {
  if (a.environments === undefined || b.environments === undefined) return true;
  return a.environments.some((name) => b.environments?.includes(name));
}
