import type { IpBlock, NetworkPolicyPeer, NetworkPolicyPort } from '../kubernetes/network-policy.js';
import type { Labels } from '../model/labels.js';
import type { LabelRequirement, LabelSelector } from '../model/selector.js';

/**
 * A text in the making: pieces, to be joined once. V8 keeps `a + b` as a tree of its parts; a stream of millions of parts takes twice as
 * long that way.
 */
export type Pieces = string[];

/** Writes a string as a YAML scalar: `scalar`, or one that remembers what it wrote. */
export type WriteScalar = (text: string) => string;

/** Puts one item of `from` or `to`, at the place it has in a NetworkPolicy. */
export function putPeer(
  out: Pieces,
  { namespaceSelector, podSelector, ipBlock }: NetworkPolicyPeer,
  write: WriteScalar,
): void {
  let lead = FIRST;
  if (namespaceSelector !== undefined) {
    out.push(lead, 'namespaceSelector:');
    putSelector(out, namespaceSelector, '\n            ', write);
    lead = NEXT;
  }
  if (podSelector !== undefined) {
    out.push(lead, 'podSelector:');
    putSelector(out, podSelector, '\n            ', write);
    lead = NEXT;
  }
  if (ipBlock !== undefined) putBlock(out, lead, ipBlock, write);
  else if (lead === FIRST) out.push(FIRST, '{}');
}

const FIRST = '\n        - ';
const NEXT = '\n          ';

function putBlock(out: Pieces, lead: string, { cidr, except }: IpBlock, write: WriteScalar): void {
  out.push(lead, 'ipBlock:\n            cidr: ', write(cidr));
  if (except !== undefined) putList(out, '\n            except:', except, '\n              - ', write);
}

/** Puts one item of `ports`, at the place it has in a NetworkPolicy. */
export function putPort(out: Pieces, { protocol, port, endPort }: NetworkPolicyPort, write: WriteScalar): void {
  const fields: string[] = [];
  if (protocol !== undefined) fields.push(`protocol: ${protocol}`);
  if (port !== undefined) fields.push(`port: ${typeof port === 'number' ? String(port) : write(port)}`);
  if (endPort !== undefined) fields.push(`endPort: ${String(endPort)}`);
  out.push(FIRST, fields.length === 0 ? '{}' : fields.join(NEXT));
}

/** Puts what a selector says, after its key; `indent` is a line feed and the spaces before it. */
export function putSelector(
  out: Pieces,
  { matchLabels, matchExpressions }: LabelSelector,
  indent: string,
  write: WriteScalar,
): void {
  if (matchLabels === undefined && matchExpressions === undefined) out.push(' {}');
  if (matchLabels !== undefined) putMap(out, `${indent}matchLabels:`, matchLabels, `${indent}  `, write);
  if (matchExpressions === undefined) return;
  out.push(indent, matchExpressions.length === 0 ? 'matchExpressions: []' : 'matchExpressions:');
  for (const requirement of matchExpressions) putExpression(out, requirement, `${indent}  `, write);
}

function putExpression(
  out: Pieces,
  { key, operator, values }: LabelRequirement,
  indent: string,
  write: WriteScalar,
): void {
  out.push(indent, '- key: ', write(key), indent, '  operator: ', operator);
  if (values !== undefined) putList(out, `${indent}  values:`, values, `${indent}    - `, write);
}

/** Puts a key and the labels under it, each behind `lead`. */
export function putMap(out: Pieces, key: string, labels: Labels, lead: string, write: WriteScalar): void {
  const names = Object.keys(labels);
  out.push(key);
  if (names.length === 0) out.push(' {}');
  for (const name of names) out.push(lead, write(name), ': ', write(labels[name] ?? ''));
}

/** Puts a key and the strings under it, each behind `lead`, which ends in `- `. */
export function putList(out: Pieces, key: string, items: readonly string[], lead: string, write: WriteScalar): void {
  out.push(key);
  if (items.length === 0) out.push(' []');
  for (const item of items) out.push(lead, write(item));
}
