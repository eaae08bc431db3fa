import { compareText } from '../../../errors.js';
import { formatPortSet, isNoPorts, portSetOf, subtractPorts, unionOf } from '../../../evaluate/port-set.js';
import { someOf } from '../../rule.js';
import { portsOf, type LintedFlow, type ModelRule } from '../model-facts.js';

/**
 * A flow all of whose ports other flows between the same ends open too. Flows that say the very same in one environment are refused
 * when they are written; ranges and several flows together are not.
 */
export const flowShadowed: ModelRule = {
  code: 'flow-shadowed',
  severity: 'info',
  what: 'A flow whose ports other flows between the same ends open too: without it not a connection changes here.',
  mend: 'Remove it, or narrow the other flows, if they were meant to be narrower.',
  find: ({ flows, snapshot }) =>
    [...byEnds(flows).values()].flatMap((same) =>
      shadowed(same).map(([flow, by]) => ({
        path: `flow/${flow.flow.name}`,
        message: `flow "${flow.flow.name}" opens nothing in environment "${snapshot.environment.name}" that ${someOf(by.map((other) => `"${other.flow.name}"`))} ${by.length === 1 ? 'does' : 'do'} not open between the same ends (${formatPortSet(portSetOf(portsOf(flow)))})`,
      })),
    ),
};

function byEnds(flows: readonly LintedFlow[]): Map<string, LintedFlow[]> {
  const groups = new Map<string, LintedFlow[]>();
  for (const linted of flows) {
    const key = `${endKey(linted.flow.from)} ${endKey(linted.flow.to)}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [linted]);
    else group.push(linted);
  }
  return groups;
}

function endKey(end: LintedFlow['flow']['from']): string {
  return 'tier' in end ? `tier ${end.tier}` : `peer ${end.peer}`;
}

/** More flows between two ends are not people's work: they are not compared. */
const SAME_MAX = 200;

/** The last by name goes first; none stands in for another that is given. */
function shadowed(same: readonly LintedFlow[]): (readonly [LintedFlow, readonly LintedFlow[]])[] {
  if (same.length < 2 || same.length > SAME_MAX) return [];
  let kept = [...same].sort((a, b) => compareText(a.flow.name, b.flow.name));
  const found: (readonly [LintedFlow, readonly LintedFlow[]])[] = [];
  for (const flow of [...kept].reverse()) {
    const others = kept.filter((other) => other !== flow);
    if (portsOf(flow).length === 0 || !covers(others, flow)) continue;
    kept = others;
    const alone = others.find((other) => covers([other], flow));
    found.push([flow, alone === undefined ? others : [alone]]);
  }
  return found;
}

function covers(others: readonly LintedFlow[], flow: LintedFlow): boolean {
  const open = unionOf(others.map((other) => portSetOf(portsOf(other))));
  return isNoPorts(subtractPorts(portSetOf(portsOf(flow)), open));
}
