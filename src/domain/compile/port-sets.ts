import { comparePorts, formatPort, lastPort, type PortRange } from '../model/ports.js';
import type { PortSet } from './compiled.js';

export const NO_PORTS: PortSet = { ranges: [], key: '' };

/**
 * The same ports in canonical form: sorted, without repeats, ranges that touch or overlap joined, and no port that a range holds.
 * Two single ports never become a range: plugins that do not know `endPort` would open the first of them only.
 * @example portSet([{ protocol: 'TCP', port: 81 }, { protocol: 'TCP', port: 80 }]).key // 'TCP 80,TCP 81'
 */
export function portSet(ports: readonly PortRange[]): PortSet {
  const [first] = ports;
  if (ports.length === 1 && first !== undefined) return withKey([plain(first)]);
  const sorted = [...ports].sort(comparePorts);
  const ranges = joinRanges(sorted.filter((port) => lastPort(port) > port.port));
  const singles = sorted.filter((port) => lastPort(port) === port.port && !ranges.some((range) => holds(range, port)));
  const single = new Map(singles.map((port) => [formatPort(port), plain(port)]));
  return withKey([...ranges, ...single.values()].sort(comparePorts));
}

/** The ports of both. */
export function unionPorts(a: PortSet, b: PortSet): PortSet {
  return a.key === b.key ? a : portSet([...a.ranges, ...b.ranges]);
}

/** The ports of `set` that no range of `others` holds as a whole. A range that is held in part stays as it is. */
export function withoutHeldPorts(set: PortSet, others: PortSet): PortSet {
  const left = set.ranges.filter((port) => !others.ranges.some((other) => holds(other, port)));
  return left.length === set.ranges.length ? set : withKey(left);
}

function joinRanges(sorted: readonly PortRange[]): PortRange[] {
  const joined: PortRange[] = [];
  for (const range of sorted) {
    const before = joined.at(-1);
    if (before?.protocol === range.protocol && range.port <= lastPort(before) + 1) {
      joined[joined.length - 1] = { ...before, endPort: Math.max(lastPort(before), lastPort(range)) };
    } else joined.push(plain(range));
  }
  return joined;
}

function holds(outer: PortRange, inner: PortRange): boolean {
  return outer.protocol === inner.protocol && outer.port <= inner.port && lastPort(inner) <= lastPort(outer);
}

/** Without the name of a named port, and without an `endPort` that says nothing. */
function plain({ protocol, port, endPort }: PortRange): PortRange {
  return endPort === undefined || endPort === port ? { protocol, port } : { protocol, port, endPort };
}

function withKey(ranges: readonly PortRange[]): PortSet {
  return { ranges, key: ranges.map(formatPort).join(',') };
}
