import { parsePortQuestion, type PortQuestion } from './port-question.js';
import { formatPortSet, hasPort, isNoPorts, unionOf, type PortSet } from './port-set.js';
import {
  verdict,
  type Basis,
  type DirectionVerdict,
  type PolicyVerdict,
  type RuleVerdict,
  type Verdict,
} from './verdict.js';
import type { World } from './world.js';

/** A verdict in words, as the answers show it. */
export interface Explanation {
  readonly src: string;
  readonly dst: string;
  readonly allowed: string;
  readonly denied: string;
  /** The one port that was asked about, and the answer for it. */
  readonly port?: { readonly port: string; readonly allowed: boolean };
  readonly egress: DirectionExplanation;
  readonly ingress: DirectionExplanation;
  readonly implementationDependent: readonly string[];
}

export interface DirectionExplanation {
  readonly allowed: string;
  readonly reason: string;
  readonly policies: readonly PolicyExplanation[];
}

/** `rules` are the numbers, from 1, of the rules that allow something (of the port that was asked about, if one was). */
export interface PolicyExplanation {
  readonly policy: string;
  readonly allowed: string;
  readonly rules: readonly number[];
  readonly reason: string;
}

/**
 * Answers "may `from` talk to `to`", on one port or at all, with the policies and rules that decide.
 * @example explain(world, 'shop/web', 'shop/db', 'TCP/5432').ingress.policies[0]?.reason // 'rule 1 allows shop/web[Deployment] on TCP 5432'
 */
export function explain(world: World, from: string, to: string, port?: string): Explanation {
  const question = port === undefined ? undefined : parsePortQuestion(port);
  return explanation(verdict(world, from, to), question);
}

/** The words for a verdict. */
export function explanation(given: Verdict, question?: PortQuestion): Explanation {
  const { src, dst, allowed, denied, implementationDependent } = given;
  const asked = question && {
    port: `${question.protocol}/${question.port}`,
    allowed: hasPort(allowed, question.protocol, question.port),
  };
  return {
    src,
    dst,
    allowed: formatPortSet(allowed),
    denied: formatPortSet(denied),
    ...(asked === undefined ? {} : { port: asked }),
    egress: directionExplanation(given.egress, src, dst, question),
    ingress: directionExplanation(given.ingress, dst, src, question),
    implementationDependent,
  };
}

function directionExplanation(
  given: DirectionVerdict,
  subject: string,
  peer: string,
  question?: PortQuestion,
): DirectionExplanation {
  return {
    allowed: formatPortSet(given.allowed),
    reason: BASIS[given.basis](given, subject, peer),
    policies: given.policies.map((policy) => policyExplanation(policy, peer, question)),
  };
}

const BASIS: Record<Basis, (given: DirectionVerdict, subject: string, peer: string) => string> = {
  policies: ({ direction, policies, allowed }, subject, peer) =>
    `${policies.length === 1 ? '1 policy isolates' : `${policies.length} policies isolate`} ${subject} for ${direction}: ${formatPortSet(allowed)} with ${peer}`,
  'default-allow': ({ direction }, subject) => `no policy isolates ${subject} for ${direction}: everything is allowed`,
  'outside-cluster': (_, subject) => `${subject} is outside the cluster, where no policy holds`,
  'host-network': (_, subject) => `${subject} is on its node's network, where no policy holds`,
  'same-pod': (_, subject) => `${subject} always reaches itself`,
  'own-node': (_, subject, peer) =>
    `one of ${subject} and ${peer} is the node the other runs on, and a node always reaches its pods`,
};

function policyExplanation(
  { policy, allowed, rules }: PolicyVerdict,
  peer: string,
  question?: PortQuestion,
): PolicyExplanation {
  const counts = (ports: PortSet): boolean =>
    question === undefined ? !isNoPorts(ports) : hasPort(ports, question.protocol, question.port);
  const allowing = rules.filter((rule) => counts(rule.allowed));
  return {
    policy,
    allowed: formatPortSet(allowed),
    rules: allowing.map(({ rule }) => rule),
    reason: reasonOf(allowing, rules, peer),
  };
}

function reasonOf(allowing: readonly RuleVerdict[], rules: readonly RuleVerdict[], peer: string): string {
  const selecting = rules.filter(({ selectsPeer }) => selectsPeer);
  const ports = formatPortSet(unionOf(allowing.map((rule) => rule.allowed)));
  if (allowing.length > 0) return `${numbered(allowing)} allow${allowing.length === 1 ? 's' : ''} ${peer} on ${ports}`;
  if (rules.length === 0) return 'it has no rules, so it allows nothing';
  if (selecting.length === 0)
    return `${rules.length === 1 ? 'its one rule does not select' : `none of its ${rules.length} rules selects`} ${peer}`;
  return `${numbered(selecting)} select${selecting.length === 1 ? 's' : ''} ${peer}, but not on these ports`;
}

function numbered(rules: readonly RuleVerdict[]): string {
  return `rule${rules.length === 1 ? '' : 's'} ${rules.map(({ rule }) => rule).join(', ')}`;
}
