import type { Endpoint, Flow } from '../../domain/model/entities.js';
import type { PortRange } from '../../domain/model/ports.js';
import { portRanges } from '../../domain/verdict/port-ranges.js';
import { endpointOf } from '../../domain/verdict/seen-end.js';
import type { ObjectVerdict, RuleReason, SideVerdict, Verdict } from '../../domain/verdict/verdict.js';
import type { FoundEdition } from './asked-edition.loader.js';
import type { Judged } from './reach.service.js';

/** What GraphQL walks through: each part of a verdict knows the edition that it is of. */
export interface VerdictNode extends Pick<Verdict, 'allowed' | 'missing' | 'caveats'> {
  readonly judged: Judged;
  readonly version: string;
  readonly revision: number;
  readonly from: string;
  readonly to: string;
  readonly source: Endpoint | undefined;
  readonly destination: Endpoint | undefined;
  readonly port: PortRange | undefined;
  readonly ports: readonly PortRange[];
  readonly egress: object;
  readonly ingress: object;
  readonly flows: readonly VerdictFlowNode[];
}

export interface VerdictObjectNode {
  readonly at: FoundEdition;
  readonly namespace: string;
  readonly name: string;
}

export interface VerdictRuleNode {
  readonly flowNames: readonly string[];
}

export type VerdictFlowNode = Flow & { readonly at: FoundEdition };

/** A verdict as GraphQL shows it. */
export function verdictNode(judged: Judged): VerdictNode {
  const { at, verdict } = judged;
  const { question, allowed, ports, egress, ingress, flows, missing, caveats } = verdict;
  return {
    ...{ judged, allowed, missing, caveats, version: String(at.version), revision: at.revision },
    from: question.from.text,
    to: question.to.text,
    source: endpointOf(question.from)[0],
    destination: endpointOf(question.to)[0],
    port: question.port?.range,
    ports: portRanges(ports),
    egress: sideNode(at, egress),
    ingress: sideNode(at, ingress),
    flows: flows.map((flow) => ({ ...flow, at })),
  };
}

function sideNode(at: FoundEdition, { direction, subject, basis, allowed, objects }: SideVerdict): object {
  const nodes = objects.map((object) => objectNode(at, object));
  return { direction, subject, basis, ports: portRanges(allowed), objects: nodes };
}

function objectNode(at: FoundEdition, { policy, allowed, rules }: ObjectVerdict): VerdictObjectNode {
  const slash = policy.indexOf('/');
  const [namespace, name] = [policy.slice(0, slash), policy.slice(slash + 1)];
  return { at, namespace, name, ...{ ports: portRanges(allowed), rules: rules.map(ruleNode) } };
}

function ruleNode({ rule, allowed, flows, profile }: RuleReason): VerdictRuleNode {
  return { flowNames: flows, ...{ rule, ports: portRanges(allowed), profile } };
}
