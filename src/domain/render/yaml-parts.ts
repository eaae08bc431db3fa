import type { IpBlock, NetworkPolicyPeer, NetworkPolicyPort } from '../kubernetes/network-policy.js';
import type { Labels } from '../model/labels.js';
import type { LabelRequirement, LabelSelector } from '../model/selector.js';
import { scalar } from './scalar.js';

const FIRST = '\n        - ';
const NEXT = '\n          ';

/** One item of `from` or `to`, at the place it has in a NetworkPolicy. */
export function peerYaml({ namespaceSelector, podSelector, ipBlock }: NetworkPolicyPeer): string {
  let text = '';
  if (namespaceSelector !== undefined)
    text = `${FIRST}namespaceSelector:${selectorYaml(namespaceSelector, '\n            ')}`;
  if (podSelector !== undefined) text += `${leadOf(text)}podSelector:${selectorYaml(podSelector, '\n            ')}`;
  if (ipBlock !== undefined) text += leadOf(text) + blockYaml(ipBlock);
  return text === '' ? `${FIRST}{}` : text;
}

/** The first field of an item stands behind its dash. */
function leadOf(before: string): string {
  return before === '' ? FIRST : NEXT;
}

function blockYaml({ cidr, except }: IpBlock): string {
  const block = `ipBlock:\n            cidr: ${scalar(cidr)}`;
  return except === undefined ? block : block + listYaml('\n            except:', except, '\n              - ');
}

/** One item of `ports`, at the place it has in a NetworkPolicy. */
export function portYaml({ protocol, port, endPort }: NetworkPolicyPort): string {
  const fields: string[] = [];
  if (protocol !== undefined) fields.push(`protocol: ${protocol}`);
  if (port !== undefined) fields.push(`port: ${typeof port === 'number' ? String(port) : scalar(port)}`);
  if (endPort !== undefined) fields.push(`endPort: ${String(endPort)}`);
  return FIRST + (fields.length === 0 ? '{}' : fields.join(NEXT));
}

/** What a selector says, after its key; `indent` is a line feed and the spaces before it. */
export function selectorYaml({ matchLabels, matchExpressions }: LabelSelector, indent: string): string {
  if (matchLabels === undefined && matchExpressions === undefined) return ' {}';
  const labels = matchLabels === undefined ? '' : mapYaml(`${indent}matchLabels:`, matchLabels, `${indent}  `);
  if (matchExpressions === undefined) return labels;
  if (matchExpressions.length === 0) return `${labels}${indent}matchExpressions: []`;
  const expressions = matchExpressions.map((requirement) => expressionYaml(requirement, `${indent}  `));
  return `${labels}${indent}matchExpressions:${expressions.join('')}`;
}

function expressionYaml({ key, operator, values }: LabelRequirement, indent: string): string {
  const expression = `${indent}- key: ${scalar(key)}${indent}  operator: ${operator}`;
  return values === undefined ? expression : expression + listYaml(`${indent}  values:`, values, `${indent}    - `);
}

/** A key and the labels under it, each behind `lead`. */
export function mapYaml(key: string, labels: Labels, lead: string): string {
  let text = key;
  for (const name of Object.keys(labels)) text += `${lead}${scalar(name)}: ${scalar(labels[name] ?? '')}`;
  return text === key ? `${key} {}` : text;
}

/** A key and the strings under it, each behind `lead`, which ends in `- `. */
export function listYaml(key: string, items: readonly string[], lead: string): string {
  let text = items.length === 0 ? `${key} []` : key;
  for (const item of items) text += lead + scalar(item);
  return text;
}
