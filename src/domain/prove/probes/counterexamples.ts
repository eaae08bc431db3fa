import { nearIndex } from '../pods/near.js';
import { outside, type Outside } from '../pods/outside.js';
import { NONE, type PortNumbers } from '../port-numbers.js';
import type { Parts, SidePair } from './sides.js';

/**
 * Looks among all pods that could ever be for those that one side of a pair lets in (or out) on some port and the other does not. Sides
 * that say the same in the same parts, as nearly all do, need no search.
 * @example counterexamples({ declared: new Map([[webs, tcp80]]), rendered: new Map() }, numbers) // [{ kind: 'found', pods: webs }]
 */
export function counterexamples({ declared, rendered }: SidePair, numbers: PortNumbers): readonly Outside[] {
  if (sameParts(declared, rendered)) return [];
  return [...missing(declared, rendered, numbers), ...missing(rendered, declared, numbers)];
}

function sameParts(ones: Parts, others: Parts): boolean {
  if (ones.size !== others.size) return false;
  for (const [pods, ports] of ones) if (others.get(pods) !== ports) return false;
  return true;
}

/** What `ones` have and `others` lack. */
function missing(ones: Parts, others: Parts, numbers: PortNumbers): Outside[] {
  const unequal = [...ones].filter(([pods, ports]) => others.get(pods) !== ports);
  if (unequal.length === 0) return [];
  const near = nearIndex([...others.keys()]);
  return unequal.flatMap(([pods, ports]) => {
    const beside = near(pods).map((set) => ({ set, ports: others.get(set) ?? NONE }));
    const pieces = piecesOf(ports, new Set(beside.map((one) => one.ports)), numbers);
    return pieces.map((piece) => {
      const holding = beside.filter((one) => numbers.intersect(one.ports, piece) === piece);
      return outside(
        pods,
        holding.map(({ set }) => set),
      );
    });
  });
}

/** The ports in pieces that each of the others has whole or not at all. */
function piecesOf(ports: number, others: ReadonlySet<number>, numbers: PortNumbers): readonly number[] {
  let pieces = [ports];
  for (const other of others) {
    pieces = pieces.flatMap((piece) => [numbers.intersect(piece, other), numbers.subtract(piece, other)]);
    pieces = pieces.filter((piece) => piece !== NONE);
  }
  return pieces;
}
