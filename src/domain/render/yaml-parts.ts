import type { IpBlock, NetworkPolicyPeer, NetworkPolicyPort } from '../kubernetes/network-policy.js';
import type { Labels } from '../model/labels.js';
import type { LabelRequirement, LabelSelector } from '../model/selector.js';
import type { ByteBuffer } from './bytes.js';
import { putScalar } from './scalar.js';

const FIRST = '\n        - ';
const NEXT = '\n          ';

/** One item of `from` or `to`, at the place it has in a NetworkPolicy. The first of its fields stands behind the dash. */
export function putPeer(bytes: ByteBuffer, { namespaceSelector, podSelector, ipBlock }: NetworkPolicyPeer): void {
  let lead = FIRST;
  if (namespaceSelector !== undefined) {
    bytes.ascii(lead);
    bytes.ascii('namespaceSelector:');
    putSelector(bytes, namespaceSelector, OF_PEER);
    lead = NEXT;
  }
  if (podSelector !== undefined) {
    bytes.ascii(lead);
    bytes.ascii('podSelector:');
    putSelector(bytes, podSelector, OF_PEER);
    lead = NEXT;
  }
  if (ipBlock !== undefined) putBlock(bytes, ipBlock, lead);
  else if (lead === FIRST) bytes.ascii(`${lead}{}`);
}

function putBlock(bytes: ByteBuffer, { cidr, except }: IpBlock, lead: string): void {
  bytes.ascii(lead);
  bytes.ascii('ipBlock:\n            cidr: ');
  putScalar(bytes, cidr);
  if (except !== undefined) putList(bytes, '\n            except:', except, '\n              - ');
}

/** What `ports` says, behind its key, at the place it has in a NetworkPolicy. */
export function putPorts(bytes: ByteBuffer, ports: readonly NetworkPolicyPort[]): void {
  if (ports.length === 0) bytes.ascii(' []');
  for (const port of ports) putPort(bytes, port);
}

function putPort(bytes: ByteBuffer, { protocol, port, endPort }: NetworkPolicyPort): void {
  const { length } = bytes;
  const lead = (): string => (bytes.length === length ? FIRST : NEXT);
  if (protocol !== undefined) bytes.ascii(`${lead()}protocol: ${protocol}`);
  if (port !== undefined) {
    bytes.ascii(`${lead()}port: `);
    if (typeof port === 'number') bytes.ascii(String(port));
    else putScalar(bytes, port);
  }
  if (endPort !== undefined) bytes.ascii(`${lead()}endPort: ${String(endPort)}`);
  if (bytes.length === length) bytes.ascii(`${FIRST}{}`);
}

/** How a selector is written where it stands. Whole texts: what is put together of two is slow to read. */
interface SelectorPlace {
  readonly matchLabels: string;
  readonly label: string;
  readonly matchExpressions: string;
  readonly key: string;
  readonly operator: string;
  readonly values: string;
  readonly value: string;
}

/** The `podSelector` of a policy. */
export const OF_SPEC: SelectorPlace = {
  matchLabels: '\n    matchLabels:',
  label: '\n      ',
  matchExpressions: '\n    matchExpressions:',
  key: '\n      - key: ',
  operator: '\n        operator: ',
  values: '\n        values:',
  value: '\n          - ',
};

const OF_PEER: SelectorPlace = {
  matchLabels: '\n            matchLabels:',
  label: '\n              ',
  matchExpressions: '\n            matchExpressions:',
  key: '\n              - key: ',
  operator: '\n                operator: ',
  values: '\n                values:',
  value: '\n                  - ',
};

/** What a selector says, behind its key. */
export function putSelector(bytes: ByteBuffer, selector: LabelSelector, place: SelectorPlace): void {
  const { matchLabels, matchExpressions } = selector;
  if (matchLabels === undefined && matchExpressions === undefined) return bytes.ascii(' {}');
  if (matchLabels !== undefined) putMap(bytes, place.matchLabels, matchLabels, place.label);
  if (matchExpressions === undefined) return;
  bytes.ascii(place.matchExpressions);
  if (matchExpressions.length === 0) bytes.ascii(' []');
  for (const requirement of matchExpressions) putExpression(bytes, requirement, place);
}

function putExpression(bytes: ByteBuffer, requirement: LabelRequirement, place: SelectorPlace): void {
  const { key, operator, values } = requirement;
  bytes.ascii(place.key);
  putScalar(bytes, key);
  bytes.ascii(place.operator);
  bytes.ascii(operator);
  if (values !== undefined) putList(bytes, place.values, values, place.value);
}

/** A key and the labels under it, each behind `lead`. */
export function putMap(bytes: ByteBuffer, key: string, labels: Labels, lead: string): void {
  bytes.ascii(key);
  const names = Object.keys(labels);
  if (names.length === 0) bytes.ascii(' {}');
  for (const name of names) {
    bytes.ascii(lead);
    putScalar(bytes, name);
    bytes.ascii(': ');
    putScalar(bytes, labels[name] ?? '');
  }
}

/** A key and the strings under it, each behind `lead`, which ends in `- `. */
export function putList(bytes: ByteBuffer, key: string, items: readonly string[], lead: string): void {
  bytes.ascii(key);
  if (items.length === 0) bytes.ascii(' []');
  for (const item of items) {
    bytes.ascii(lead);
    putScalar(bytes, item);
  }
}
