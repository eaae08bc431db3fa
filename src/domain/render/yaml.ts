import type {
  EgressRule,
  IngressRule,
  NetworkPolicy,
  NetworkPolicyPeer,
  NetworkPolicyPort,
} from '../kubernetes/network-policy.js';
import type { Labels } from '../model/labels.js';
import type { LabelSelector } from '../model/selector.js';
import { byteBuffer, type ByteBuffer } from './bytes.js';
import { scalar } from './scalar.js';
import type { NamespaceYaml } from './tar.js';
import { putList, putMap, putPeer, putPort, putSelector, type Pieces, type WriteScalar } from './yaml-parts.js';

/**
 * What one rendering writes to, and what it has written and may write again: strings, pod selectors, and the bytes of whole peers and port
 * lists. render makes one object of what many policies hold, so it is known again by identity.
 */
interface YamlWriter {
  readonly bytes: ByteBuffer;
  readonly write: WriteScalar;
  readonly peers: Map<NetworkPolicyPeer, Uint8Array>;
  readonly ports: Map<readonly NetworkPolicyPort[], Uint8Array>;
  readonly selectors: Map<LabelSelector, string>;
  readonly labels: Map<Labels, string>;
}

/** A writer for one rendering; it holds on to what it wrote, so it should not outlive it. */
function yamlWriter(): YamlWriter {
  const scalars = new Map<string, string>();
  const write = (text: string): string => scalars.get(text) ?? keep(scalars, text, scalar(text));
  return { bytes: byteBuffer(), write, peers: new Map(), ports: new Map(), selectors: new Map(), labels: new Map() };
}

/** What `writeYaml` gives. */
export interface WrittenYaml {
  /** The pieces of the YAML stream, in the order of the objects. */
  readonly namespaces: readonly NamespaceYaml[];
  /** Of each object, how many bytes its document has. */
  readonly lengths: readonly number[];
}

/**
 * NetworkPolicies as a YAML stream in UTF-8, in one piece for each run of objects of one namespace: block style, keys in the order of the
 * Kubernetes reference, LF, no anchors, no line folding. Each document starts with `---`, so that pieces can be put one behind the other.
 * @example writeYaml(render(compile(snapshot))).namespaces[0] // { namespace: 'shop', yaml: ... }
 */
export function writeYaml(policies: readonly NetworkPolicy[]): WrittenYaml {
  const writer = yamlWriter();
  const namespaces: NamespaceYaml[] = [];
  const lengths = policies.map((policy, index) => {
    const { namespace } = policy.metadata;
    const length = writeDocument(policy, writer);
    if (policies[index + 1]?.metadata.namespace !== namespace)
      namespaces.push({ namespace, yaml: writer.bytes.take() });
    return length;
  });
  return { namespaces, lengths };
}

/** The YAML stream: its pieces one behind the other. */
export function wholeYaml({ namespaces }: Pick<WrittenYaml, 'namespaces'>): Uint8Array {
  return Buffer.concat(namespaces.map(({ yaml }) => yaml));
}

const HEAD = '---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata:\n  name: ';

/** Puts one document of the stream into the writer's bytes; gives how many bytes it has. */
function writeDocument({ metadata, spec }: NetworkPolicy, writer: YamlWriter): number {
  const { bytes, write } = writer;
  const before = bytes.length();
  const out: Pieces = [HEAD, scalar(metadata.name), '\n  namespace: ', write(metadata.namespace)];
  if (metadata.labels !== undefined) out.push(writer.labels.get(metadata.labels) ?? newLabels(metadata.labels, writer));
  // Annotations are long and of one use, so they are not kept.
  if (metadata.annotations !== undefined) putMap(out, '\n  annotations:', metadata.annotations, '\n    ', scalar);
  out.push('\nspec:\n  podSelector:', ownSelector(spec.podSelector, writer));
  putList(out, '\n  policyTypes:', spec.policyTypes, '\n    - ', write);
  bytes.put(out.join(''));
  if (spec.ingress !== undefined) putIngress(spec.ingress, writer);
  if (spec.egress !== undefined) putEgress(spec.egress, writer);
  bytes.put('\n');
  return bytes.length() - before;
}

function putIngress(rules: readonly IngressRule[], writer: YamlWriter): void {
  writer.bytes.put(rules.length === 0 ? '\n  ingress: []' : '\n  ingress:');
  for (const { from, ports } of rules) putRule('\n    - from:', from, ports, writer);
}

function putEgress(rules: readonly EgressRule[], writer: YamlWriter): void {
  writer.bytes.put(rules.length === 0 ? '\n  egress: []' : '\n  egress:');
  for (const { to, ports } of rules) putRule('\n    - to:', to, ports, writer);
}

function putRule(
  key: string,
  peers: readonly NetworkPolicyPeer[] | undefined,
  ports: readonly NetworkPolicyPort[] | undefined,
  writer: YamlWriter,
): void {
  const { bytes } = writer;
  if (peers !== undefined) {
    bytes.put(peers.length === 0 ? `${key} []` : key);
    for (const peer of peers) bytes.add(writer.peers.get(peer) ?? newPeer(peer, writer));
  }
  if (ports !== undefined) {
    bytes.put(peers === undefined ? '\n    - ports:' : '\n      ports:');
    bytes.add(writer.ports.get(ports) ?? newPorts(ports, writer));
  } else if (peers === undefined) bytes.put('\n    - {}');
}

function newPeer(peer: NetworkPolicyPeer, { peers, write }: YamlWriter): Uint8Array {
  const out: Pieces = [];
  putPeer(out, peer, write);
  return keep(peers, peer, Buffer.from(out.join('')));
}

function newPorts(list: readonly NetworkPolicyPort[], { ports, write }: YamlWriter): Uint8Array {
  const out: Pieces = list.length === 0 ? [' []'] : [];
  for (const port of list) putPort(out, port, write);
  return keep(ports, list, Buffer.from(out.join('')));
}

function newLabels(labels: Labels, writer: YamlWriter): string {
  const out: Pieces = [];
  putMap(out, '\n  labels:', labels, '\n    ', writer.write);
  return keep(writer.labels, labels, out.join(''));
}

function ownSelector(selector: LabelSelector, { selectors, write }: YamlWriter): string {
  const known = selectors.get(selector);
  if (known !== undefined) return known;
  const out: Pieces = [];
  putSelector(out, selector, '\n    ', write);
  return keep(selectors, selector, out.join(''));
}

function keep<T, Written>(written: Map<T, Written>, what: T, now: Written): Written {
  written.set(what, now);
  return now;
}
