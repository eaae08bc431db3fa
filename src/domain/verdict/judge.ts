import { compareText } from '../errors.js';
import type { Direction } from '../evaluate/grants.js';
import { ALL_PORTS, intersectPorts, isNoPorts, NO_PORTS, subtractPorts, type PortSet } from '../evaluate/port-set.js';
import type { PolicyVerdict } from '../evaluate/verdict.js';
import type { Flow } from '../model/entities.js';
import { caveatsOf } from './caveats.js';
import { flowsBetween, missingOf } from './missing.js';
import { readQuestion, type AskedPort, type Question, type RawQuestion } from './question.js';
import { declarations, flowNames, opening, tierOfObject, type Declaration } from './reasons.js';
import { seenEnds, type Part, type SeenEnd } from './seen-end.js';
import { evaluatePair, type Evaluated } from './side.js';
import type { ObjectVerdict, SideVerdict, Verdict } from './verdict.js';
import type { VerdictIndex } from './verdict-index.js';

/**
 * Answers "may `from` reach `to`" for one edition. The answer comes from the evaluator, which is given the rendered objects; the flows
 * only name the reasons. Refuses what readQuestion refuses.
 * @example judge(index, { from: 'shop/frontend', to: 'shop/backend', port: 'TCP/3000' }).allowed // true
 */
export function judge(index: VerdictIndex, raw: RawQuestion): Verdict {
  const question = readQuestion(index, raw);
  const { from, to, made } = seenEnds(index, question);
  if (from.kind === 'absent' || to.kind === 'absent') return nowhere(index, question, [from, to]);
  const counted = { egress: from.runs !== 'peer-pods', ingress: to.runs !== 'peer-pods' };
  const pair = evaluatePair(index, made.all(), from.parts, to.parts, counted);
  const behind = declarationsOf(index);
  const egress = sideVerdict('egress', from, pair.egress, question.port, behind(from, 'egress', to.parts));
  const ingress = sideVerdict('ingress', to, pair.ingress, question.port, behind(to, 'ingress', from.parts));
  const ports = intersectPorts(egress.side.allowed, ingress.side.allowed);
  const allowed = holds(ports, question.port);
  const sides = { egress: egress.side, ingress: ingress.side };
  const found = new Map([...egress.flows, ...ingress.flows].map((flow) => [flow.name, flow]));
  return {
    environment: index.snapshot.environment.name,
    question,
    allowed,
    ports,
    ...sides,
    flows: allowed ? directFirst(index, question, [...found.values()]) : [],
    missing: allowed ? [] : missingOf(index, question, sides),
    caveats: caveatsOf(index, question, { from, to, ...pair }, ports),
  };
}

function nowhere(index: VerdictIndex, question: Question, ends: readonly SeenEnd[]): Verdict {
  const side = (direction: Direction, subject: string): SideVerdict => ({
    ...{ direction, subject, basis: 'absent', allowed: NO_PORTS, objects: [] },
  });
  const sides = { egress: side('egress', question.from.text), ingress: side('ingress', question.to.text) };
  return {
    environment: index.snapshot.environment.name,
    question,
    allowed: false,
    ports: NO_PORTS,
    ...sides,
    flows: [],
    missing: missingOf(index, question, sides, ends),
    caveats: [],
  };
}

function holds(ports: PortSet, asked: AskedPort | undefined): boolean {
  return asked === undefined ? !isNoPorts(ports) : isNoPorts(subtractPorts(asked.ports, ports));
}

/** What each object's own tier declares of the other end, looked up once. */
type Behind = (policy: string) => readonly Declaration[];

function declarationsOf(index: VerdictIndex): (end: SeenEnd, direction: Direction, others: readonly Part[]) => Behind {
  return (end, direction, others) => {
    const pods = end.kind === 'there' ? end.parts.filter((part) => part.kind === 'pod') : [];
    const objects = pods.flatMap(({ namespace, labels }) => index.objectsOf(namespace, labels));
    const tiers = new Map(
      objects.map((object) => [`${object.metadata.namespace}/${object.metadata.name}`, tierOfObject(object)]),
    );
    return (policy) => {
      const tier = tiers.get(policy);
      return tier === undefined ? [] : declarations(index, tier, direction, others);
    };
  };
}

interface Explained {
  readonly side: SideVerdict;
  readonly flows: readonly Flow[];
}

function sideVerdict(
  direction: Direction,
  seen: SeenEnd,
  evaluated: Evaluated,
  asked: AskedPort | undefined,
  behind: Behind,
): Explained {
  const peers = seen.kind === 'there' && seen.runs === 'peer-pods';
  const explained = evaluated.policies.map((policy) =>
    objectVerdict(policy, intersectPorts(evaluated.allowed, asked?.ports ?? ALL_PORTS), behind(policy.policy)),
  );
  return {
    side: {
      direction,
      subject: seen.end.text,
      basis: peers ? 'peer' : evaluated.basis,
      allowed: peers ? ALL_PORTS : evaluated.allowed,
      objects: explained.map(({ object }) => object),
    },
    flows: explained.flatMap(({ flows }) => flows),
  };
}

function objectVerdict(
  { policy, allowed, rules }: PolicyVerdict,
  wanted: PortSet,
  declared: readonly Declaration[],
): { readonly object: ObjectVerdict; readonly flows: readonly Flow[] } {
  const flows: Flow[] = [];
  const reasons = rules.flatMap((rule) => {
    const ports = intersectPorts(rule.allowed, wanted);
    if (isNoPorts(ports)) return [];
    const opened = opening(declared, ports);
    flows.push(...opened.flatMap(({ flow }) => flow ?? []));
    const profile = [...new Set(opened.flatMap(({ fact }) => fact ?? []))].sort(compareText);
    return [{ rule: rule.rule, allowed: rule.allowed, flows: flowNames(opened), profile }];
  });
  return { object: { policy, allowed, rules: reasons }, flows };
}

function directFirst(index: VerdictIndex, { from, to }: Question, flows: readonly Flow[]): Flow[] {
  const direct = new Set(flowsBetween(index, from, to).map(({ name }) => name));
  const rank = ({ name }: Flow): number => (direct.has(name) ? 0 : 1);
  return [...flows].sort((a, b) => rank(a) - rank(b) || compareText(a.name, b.name));
}
