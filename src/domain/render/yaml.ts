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
import { listYaml, mapYaml, peerYaml, portYaml, selectorYaml } from './yaml-parts.js';

/**
 * What one rendering writes to, and what it has written and may write again: strings, pod selectors, and the bytes of whole peers and port
 * lists. render makes one object of what many policies hold, so it is known again by identity.
 */
interface YamlWriter {
  readonly bytes: ByteBuffer;
  readonly peers: Map<NetworkPolicyPeer, Uint8Array>;
  readonly ports: Map<readonly NetworkPolicyPort[], Uint8Array>;
  readonly selectors: Map<LabelSelector, string>;
  readonly labels: Map<Labels, string>;
}

/** A writer for one rendering; it holds on to what it wrote, so it should not outlive it. */
function yamlWriter(): YamlWriter {
  return { bytes: byteBuffer(), peers: new Map(), ports: new Map(), selectors: new Map(), labels: new Map() };
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

const HEAD = Buffer.from('---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata:\n  name: ');
const FROM = Buffer.from('\n    - from:');
const TO = Buffer.from('\n    - to:');

/** Puts one document of the stream into the writer's bytes; gives how many bytes it has. */
function writeDocument({ metadata, spec }: NetworkPolicy, writer: YamlWriter): number {
  const { bytes } = writer;
  const before = bytes.length();
  bytes.add(HEAD);
  putMetadata(metadata, writer);
  bytes.put(writer.selectors.get(spec.podSelector) ?? newSelector(spec.podSelector, writer));
  bytes.put(listYaml('\n  policyTypes:', spec.policyTypes, '\n    - '));
  if (spec.ingress !== undefined) putIngress(spec.ingress, writer);
  if (spec.egress !== undefined) putEgress(spec.egress, writer);
  bytes.put('\n');
  return bytes.length() - before;
}

function putMetadata({ name, namespace, labels, annotations }: NetworkPolicy['metadata'], writer: YamlWriter): void {
  const { bytes } = writer;
  bytes.put(`${scalar(name)}\n  namespace: ${scalar(namespace)}`);
  if (labels !== undefined) bytes.put(writer.labels.get(labels) ?? newLabels(labels, writer));
  // Annotations are long and of one use, so they are not kept.
  if (annotations !== undefined) bytes.put(mapYaml('\n  annotations:', annotations, '\n    '));
}

function putIngress(rules: readonly IngressRule[], writer: YamlWriter): void {
  writer.bytes.put(rules.length === 0 ? '\n  ingress: []' : '\n  ingress:');
  for (const { from, ports } of rules) putRule(FROM, from, ports, writer);
}

function putEgress(rules: readonly EgressRule[], writer: YamlWriter): void {
  writer.bytes.put(rules.length === 0 ? '\n  egress: []' : '\n  egress:');
  for (const { to, ports } of rules) putRule(TO, to, ports, writer);
}

function putRule(
  key: Uint8Array,
  peers: readonly NetworkPolicyPeer[] | undefined,
  ports: readonly NetworkPolicyPort[] | undefined,
  writer: YamlWriter,
): void {
  const { bytes } = writer;
  if (peers !== undefined) {
    bytes.add(key);
    if (peers.length === 0) bytes.put(' []');
    for (const peer of peers) bytes.add(writer.peers.get(peer) ?? newPeer(peer, writer));
  }
  if (ports !== undefined) {
    bytes.put(peers === undefined ? '\n    - ' : '\n      ');
    bytes.add(writer.ports.get(ports) ?? newPorts(ports, writer));
  } else if (peers === undefined) bytes.put('\n    - {}');
}

function newPeer(peer: NetworkPolicyPeer, { peers }: YamlWriter): Uint8Array {
  return keep(peers, peer, Buffer.from(peerYaml(peer)));
}

function newPorts(list: readonly NetworkPolicyPort[], { ports }: YamlWriter): Uint8Array {
  return keep(ports, list, Buffer.from(list.length === 0 ? 'ports: []' : `ports:${list.map(portYaml).join('')}`));
}

function newLabels(labels: Labels, writer: YamlWriter): string {
  return keep(writer.labels, labels, mapYaml('\n  labels:', labels, '\n    '));
}

function newSelector(selector: LabelSelector, { selectors }: YamlWriter): string {
  return keep(selectors, selector, `\nspec:\n  podSelector:${selectorYaml(selector, '\n    ')}`);
}

function keep<T, Written>(written: Map<T, Written>, what: T, now: Written): Written {
  written.set(what, now);
  return now;
}
