import { compareText } from '../errors.js';
import { formatPortSet, isNoPorts, portSetOf, subtractPorts, unionOf, type PortSet } from '../evaluate/port-set.js';
import type { Flow } from '../model/entities.js';
import { portsOfTier, type Question, type QuestionEnd } from './question.js';
import type { Absence, SeenEnd } from './seen-end.js';
import type { Missing, SideVerdict, Verdict } from './verdict.js';
import type { VerdictIndex } from './verdict-index.js';

/** The flows of this environment that lead from the one end to the other, by name. */
export function flowsBetween(index: VerdictIndex, from: QuestionEnd, to: QuestionEnd): readonly Flow[] {
  return [...unsorted(index, from, to)].sort((a, b) => compareText(a.name, b.name));
}

function unsorted({ flowsOf }: VerdictIndex, from: QuestionEnd, to: QuestionEnd): readonly Flow[] {
  if (from.kind === 'tier') {
    const { byTier, withPeers } = flowsOf(from.tier, 'egress');
    if (to.kind === 'tier') return byTier.get(to.tier) ?? [];
    return to.kind === 'peer' ? withPeers.filter((flow) => 'peer' in flow.to && flow.to.peer === to.peer) : [];
  }
  if (from.kind !== 'peer' || to.kind !== 'tier') return [];
  const { withPeers } = flowsOf(to.tier, 'ingress');
  return withPeers.filter((flow) => 'peer' in flow.from && flow.from.peer === from.peer);
}

/** The ports of a flow by number, as the environment has them. */
export function portsOfFlow(index: VerdictIndex, { to, ports }: Flow): PortSet {
  const named = 'tier' in to ? portsOfTier(index, to.tier) : [];
  return portSetOf(
    ports.flatMap((port) => (typeof port === 'string' ? named.filter(({ name }) => name === port) : [port])),
  );
}

/**
 * What stands in the way of a question that is denied: an end that is not there, or each side that does not let it through.
 * @example missingOf(index, question, sides)[0]?.code // 'no-flow'
 */
export function missingOf(
  index: VerdictIndex,
  question: Question,
  sides: Pick<Verdict, 'egress' | 'ingress'>,
  ends: readonly SeenEnd[] = [],
): readonly Missing[] {
  const flows = flowsBetween(index, question.from, question.to);
  const absent = ends.flatMap((end) => (end.kind === 'absent' ? [absentEnd(index, end, flows)] : []));
  if (absent.length > 0) return absent;
  const ruled = [sides.egress, sides.ingress].filter(({ basis }) => basis === 'policies');
  const closed = ruled.filter(({ allowed }) => isClosed(allowed, question));
  // Without a port, two sides that let something through and share no port are both in the way.
  return (closed.length > 0 ? closed : ruled).map((side) => missingSide(index, question, side, flows));
}

function isClosed(allowed: PortSet, { port }: Question): boolean {
  return port === undefined ? isNoPorts(allowed) : !isNoPorts(subtractPorts(port.ports, allowed));
}

const ABSENT: Record<Absence, (subject: string, environment: string) => string> = {
  'not-placed': (subject, environment) =>
    `${subject} is not placed in environment ${environment}: its application has no placement there`,
  'no-address': (subject, environment) => `${subject} has no address in environment ${environment}`,
  'no-pods': (subject, environment) =>
    `the selector of ${subject} contradicts itself and matches no pod in environment ${environment}`,
};

function absentEnd(
  { snapshot }: VerdictIndex,
  { end, absence }: SeenEnd & { readonly kind: 'absent' },
  flows: readonly Flow[],
): Missing {
  const detail = ABSENT[absence](end.text, snapshot.environment.name);
  return { code: absence, subject: end.text, objects: [], flows: flows.map(({ name }) => name), why: detail, detail };
}

function missingSide(
  index: VerdictIndex,
  question: Question,
  { direction, subject, allowed, objects }: SideVerdict,
  flows: readonly Flow[],
): Missing {
  const code = codeOf(index, question, flows);
  const policies = objects.map(({ policy }) => policy);
  const names = flows.map(({ name }) => name);
  const [isolate, lets] = policies.length === 1 ? ['isolates', 'lets'] : ['isolate', 'let'];
  const way = direction === 'egress' ? `out to ${question.to.text}` : `in from ${question.from.text}`;
  const what =
    question.port === undefined
      ? `${isNoPorts(allowed) ? 'nothing' : `${formatPortSet(allowed)} only`} ${way}`
      : `nothing ${way} on ${question.port.text}`;
  const detail = `${listed(policies.map(objectText))} ${isolate} ${subject} for ${direction} and ${lets} ${what}`;
  return { code, direction, subject, objects: policies, flows: names, why: WHY[code](index, question, flows), detail };
}

type SideCode = 'no-flow' | 'other-ports' | 'not-rendered' | 'same-tier';

function codeOf(index: VerdictIndex, { from, to, port }: Question, flows: readonly Flow[]): SideCode {
  if (from.kind === 'tier' && to.kind === 'tier' && from.tier === to.tier) return 'same-tier';
  if (flows.length === 0) return 'no-flow';
  const declared = unionOf(flows.map((flow) => portsOfFlow(index, flow)));
  const open = port === undefined ? !isNoPorts(declared) : isNoPorts(subtractPorts(port.ports, declared));
  return open ? 'not-rendered' : 'other-ports';
}

const WHY: Record<SideCode, (index: VerdictIndex, question: Question, flows: readonly Flow[]) => string> = {
  'no-flow': ({ snapshot }, { from, to }) =>
    `no flow leads from ${from.text} to ${to.text} in environment ${snapshot.environment.name}`,
  'other-ports': (index, _, flows) =>
    `${named(flows)} ${flows.length === 1 ? 'opens' : 'open'} ${formatPortSet(unionOf(flows.map((flow) => portsOfFlow(index, flow))))} only`,
  'not-rendered': (_, __, flows) => `${named(flows)} would allow it, but the objects do not hold it`,
  'same-tier': (_, { from }) =>
    `two pods of ${from.text} are kept apart as any two pods are, and a flow cannot lead from a tier to itself`,
};

function named(flows: readonly Flow[]): string {
  return `${flows.length === 1 ? 'flow' : 'flows'} ${listed(flows.map(({ name }) => name))}`;
}

/** `shop/allow-web-egress` as sentences call it: `allow-web-egress (shop)`. */
export function objectText(policy: string): string {
  const slash = policy.indexOf('/');
  return `${policy.slice(slash + 1)} (${policy.slice(0, slash)})`;
}

/** `a`, `a and b`, `a, b and c`. */
export function listed(names: readonly string[]): string {
  const last = names.at(-1) ?? 'nothing';
  return names.length < 2 ? last : `${names.slice(0, -1).join(', ')} and ${last}`;
}
