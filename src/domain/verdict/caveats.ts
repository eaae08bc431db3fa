import {
  ALL_PORTS,
  formatPortSet,
  intersectPorts,
  isNoPorts,
  subtractPorts,
  type PortSet,
} from '../evaluate/port-set.js';
import { sortFindings, type Finding } from '../finding.js';
import { listed, objectText } from './missing.js';
import type { Question } from './question.js';
import type { SeenEnd } from './seen-end.js';
import type { Evaluated, EvaluatedPair } from './side.js';
import type { VerdictIndex } from './verdict-index.js';

/** What the caveats are read from. */
export interface Judged extends EvaluatedPair {
  readonly from: SeenEnd;
  readonly to: SeenEnd;
}

/** How many parts of an end a message names. */
const PARTS_NAMED = 5;

/**
 * What to keep in mind beside the answer: pods of a peer whose own side the bundle closes, ends of which a part may do more than the
 * whole, and questions about which no object decides.
 */
export function caveatsOf(index: VerdictIndex, question: Question, judged: Judged, ports: PortSet): readonly Finding[] {
  return sortFindings([
    ...peerIsolated('egress', judged.from, judged.egress, question, ports),
    ...peerIsolated('ingress', judged.to, judged.ingress, question, ports),
    ...partly(question, judged),
    ...endPort(question, judged, ports),
    ...undecided(index, question, judged),
  ]);
}

/** A bundle opens the tiers' side only. */
function peerIsolated(
  direction: 'egress' | 'ingress',
  seen: SeenEnd,
  { allowed, policies }: Evaluated,
  { port }: Question,
  ports: PortSet,
): Finding[] {
  const wanted = port?.ports ?? ports;
  const closed = seen.kind === 'there' && seen.runs === 'peer-pods' && !isNoPorts(subtractPorts(wanted, allowed));
  if (!closed || policies.length === 0) return [];
  const who = `${listed(policies.map(({ policy }) => objectText(policy)))} ${policies.length === 1 ? 'isolates' : 'isolate'}`;
  const message = `${who} pods of ${seen.end.text} for ${direction}, and Sluice opens the side of tiers only: open theirs, or make them a tier`;
  return [{ code: 'peer-isolated', severity: 'warning', path: `peer/${seen.end.text}`, message }];
}

/** The answer is of all of an end. */
function partly({ from, to, port }: Question, { more }: Judged): Finding[] {
  const better = more.filter(({ allowed }) => port === undefined || isNoPorts(subtractPorts(port.ports, allowed)));
  if (better.length === 0) return [];
  const parts = better.slice(0, PARTS_NAMED).map(({ part, allowed }) => `${part} (${formatPortSet(allowed)})`);
  const rest = better.length > PARTS_NAMED ? ` and ${better.length - PARTS_NAMED} more` : '';
  const message = `the answer is for all of ${from.text} and ${to.text}; of a part more is allowed: ${parts.join(', ')}${rest}`;
  return [{ code: 'partly', severity: 'info', path: 'question', message }];
}

/** https://kubernetes.io/docs/concepts/services-networking/network-policies/#targeting-a-range-of-ports */
function endPort({ port }: Question, { withoutEndPort }: Judged, ports: PortSet): Finding[] {
  const wanted = intersectPorts(ports, port?.ports ?? ALL_PORTS);
  const lost = subtractPorts(wanted, withoutEndPort);
  if (isNoPorts(lost)) return [];
  const message = `${formatPortSet(lost)} is allowed by a range with endPort, of which a network plugin that does not know endPort opens the first port only`;
  return [{ code: 'end-port', severity: 'info', path: 'question', message }];
}

function undecided({ snapshot }: VerdictIndex, { from, to }: Question, judged: Judged): Finding[] {
  const pods = [judged.from, judged.to].some((end) => end.kind === 'there' && end.runs === 'pods');
  if (pods) return [];
  const message = `no object of environment ${snapshot.environment.name} decides: neither ${from.text} nor ${to.text} runs as pods of a tier there`;
  return [{ code: 'undecided', severity: 'warning', path: 'question', message }];
}
