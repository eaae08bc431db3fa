import type {
  EgressRule,
  IngressRule,
  NetworkPolicy,
  NetworkPolicyPeer,
  NetworkPolicyPort,
} from '../kubernetes/network-policy.js';
import type { LabelSelector } from '../model/selector.js';
import { byteBuffer, type ByteBuffer } from './bytes.js';
import { scalar } from './scalar.js';
import { putList, putMap, putPeer, putPort, putSelector, type Pieces, type WriteScalar } from './yaml-parts.js';

/**
 * What one rendering writes to, and what it has written and may write again: strings, and whole peers, port lists and pod selectors.
 * render makes one object of what many policies hold, so it is known again by identity.
 */
export interface YamlWriter {
  readonly bytes: ByteBuffer;
  readonly write: WriteScalar;
  readonly peers: Map<NetworkPolicyPeer, string>;
  readonly ports: Map<readonly NetworkPolicyPort[], string>;
  readonly selectors: Map<LabelSelector, string>;
}

/** A writer for one rendering; it holds on to what it wrote, so it should not outlive it. */
export function yamlWriter(): YamlWriter {
  const scalars = new Map<string, string>();
  const write = (text: string): string => scalars.get(text) ?? keep(scalars, text, scalar(text));
  return { bytes: byteBuffer(), write, peers: new Map(), ports: new Map(), selectors: new Map() };
}

/**
 * NetworkPolicies as one YAML stream in UTF-8: block style, keys in the order of the Kubernetes reference, LF, no anchors, no line folding.
 * Each document starts with `---`, so that streams can be put together by putting them one behind the other.
 * @example Buffer.from(writeYaml(render(compile(snapshot)))).toString() // '---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\n...'
 */
export function writeYaml(policies: readonly NetworkPolicy[]): Uint8Array {
  const writer = yamlWriter();
  for (const policy of policies) writeDocument(policy, writer);
  return writer.bytes.take();
}

const HEAD = '---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata:\n  name: ';

/** Puts one document of the stream into the writer's bytes; gives how many bytes it has. */
export function writeDocument({ metadata, spec }: NetworkPolicy, writer: YamlWriter): number {
  const { write } = writer;
  const out: Pieces = [HEAD, scalar(metadata.name), '\n  namespace: ', write(metadata.namespace)];
  if (metadata.labels !== undefined) putMap(out, '\n  labels:', metadata.labels, '\n    ', write);
  // Annotations are long and of one use, so they are not kept.
  if (metadata.annotations !== undefined) putMap(out, '\n  annotations:', metadata.annotations, '\n    ', scalar);
  out.push('\nspec:\n  podSelector:', ownSelector(spec.podSelector, writer));
  putList(out, '\n  policyTypes:', spec.policyTypes, '\n    - ', write);
  if (spec.ingress !== undefined) putIngress(out, spec.ingress, writer);
  if (spec.egress !== undefined) putEgress(out, spec.egress, writer);
  out.push('\n');
  return writer.bytes.put(out.join(''));
}

function putIngress(out: Pieces, rules: readonly IngressRule[], writer: YamlWriter): void {
  out.push(rules.length === 0 ? '\n  ingress: []' : '\n  ingress:');
  for (const { from, ports } of rules) putRule(out, '\n    - from:', from, ports, writer);
}

function putEgress(out: Pieces, rules: readonly EgressRule[], writer: YamlWriter): void {
  out.push(rules.length === 0 ? '\n  egress: []' : '\n  egress:');
  for (const { to, ports } of rules) putRule(out, '\n    - to:', to, ports, writer);
}

function putRule(
  out: Pieces,
  key: string,
  peers: readonly NetworkPolicyPeer[] | undefined,
  ports: readonly NetworkPolicyPort[] | undefined,
  writer: YamlWriter,
): void {
  if (peers !== undefined) {
    out.push(key, peers.length === 0 ? ' []' : '');
    for (const peer of peers) out.push(writer.peers.get(peer) ?? newPeer(peer, writer));
  }
  if (ports !== undefined) {
    out.push(
      peers === undefined ? '\n    - ports:' : '\n      ports:',
      writer.ports.get(ports) ?? newPorts(ports, writer),
    );
  } else if (peers === undefined) out.push('\n    - {}');
}

function newPeer(peer: NetworkPolicyPeer, { peers, write }: YamlWriter): string {
  const out: Pieces = [];
  putPeer(out, peer, write);
  return keep(peers, peer, out.join(''));
}

function newPorts(list: readonly NetworkPolicyPort[], { ports, write }: YamlWriter): string {
  const out: Pieces = list.length === 0 ? [' []'] : [];
  for (const port of list) putPort(out, port, write);
  return keep(ports, list, out.join(''));
}

function ownSelector(selector: LabelSelector, { selectors, write }: YamlWriter): string {
  const known = selectors.get(selector);
  if (known !== undefined) return known;
  const out: Pieces = [];
  putSelector(out, selector, '\n    ', write);
  return keep(selectors, selector, out.join(''));
}

function keep<T>(written: Map<T, string>, what: T, text: string): string {
  written.set(what, text);
  return text;
}
