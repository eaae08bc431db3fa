import type {
  EgressRule,
  IngressRule,
  NetworkPolicy,
  NetworkPolicyPeer,
  NetworkPolicyPort,
} from '../kubernetes/network-policy.js';
import type { Labels } from '../model/labels.js';
import type { LabelSelector } from '../model/selector.js';
import { ByteBuffer, type Kept } from './bytes.js';
import { putScalar } from './scalar.js';
import type { NamespaceYaml } from './tar.js';
import { OF_SPEC, putList, putMap, putPeer, putPorts, putSelector } from './yaml-parts.js';

/**
 * What one rendering writes to, and what it has written and may write again: peers and port lists, and what the document before said of its
 * tier, as both directions of a tier are neighbours. render makes one object of what many policies hold, so it is known again by identity.
 */
interface YamlWriter {
  readonly bytes: ByteBuffer;
  readonly head: Kept;
  readonly peers: Map<NetworkPolicyPeer, Kept>;
  readonly ports: Map<readonly NetworkPolicyPort[], Kept>;
  readonly labels: Written<Labels>;
  readonly podSelector: Written<LabelSelector>;
}

/** What was written last, and how that reads. */
interface Written<T> {
  last: T | undefined;
  yaml: Kept;
}

/** A writer for one rendering; it holds on to what it wrote, so it should not outlive it. */
function yamlWriter(): YamlWriter {
  const bytes = new ByteBuffer();
  bytes.ascii(HEAD);
  const head = bytes.keep(0);
  bytes.cut(0);
  const nothing = { last: undefined, yaml: head };
  return { bytes, head, peers: new Map(), ports: new Map(), labels: { ...nothing }, podSelector: { ...nothing } };
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
    const length = putDocument(policy, writer);
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
const FROM = '\n    - from:';
const TO = '\n    - to:';

/** Puts one document of the stream into the writer's bytes; gives how many bytes it has. */
function putDocument({ metadata, spec }: NetworkPolicy, writer: YamlWriter): number {
  const { bytes } = writer;
  const before = bytes.length;
  bytes.again(writer.head);
  putMetadata(metadata, writer);
  putPodSelector(spec.podSelector, writer);
  putList(bytes, '\n  policyTypes:', spec.policyTypes, '\n    - ');
  if (spec.ingress !== undefined) putIngress(spec.ingress, writer);
  if (spec.egress !== undefined) putEgress(spec.egress, writer);
  bytes.ascii('\n');
  return bytes.length - before;
}

function putMetadata({ name, namespace, labels, annotations }: NetworkPolicy['metadata'], writer: YamlWriter): void {
  const { bytes } = writer;
  putScalar(bytes, name);
  bytes.ascii('\n  namespace: ');
  putScalar(bytes, namespace);
  if (labels !== undefined) putLabels(labels, writer);
  if (annotations !== undefined) putMap(bytes, '\n  annotations:', annotations, '\n    ');
}

function putLabels(labels: Labels, { bytes, labels: written }: YamlWriter): void {
  if (labels === written.last) return bytes.again(written.yaml);
  const before = bytes.length;
  putMap(bytes, '\n  labels:', labels, '\n    ');
  remember(written, labels, bytes.keep(before));
}

function putPodSelector(selector: LabelSelector, { bytes, podSelector: written }: YamlWriter): void {
  if (selector === written.last) return bytes.again(written.yaml);
  const before = bytes.length;
  bytes.ascii('\nspec:\n  podSelector:');
  putSelector(bytes, selector, OF_SPEC);
  remember(written, selector, bytes.keep(before));
}

function remember<T>(written: Written<T>, what: T, yaml: Kept): void {
  written.last = what;
  written.yaml = yaml;
}

function putIngress(rules: readonly IngressRule[], writer: YamlWriter): void {
  writer.bytes.ascii(rules.length === 0 ? '\n  ingress: []' : '\n  ingress:');
  for (const { from, ports } of rules) putRule(FROM, from, ports, writer);
}

function putEgress(rules: readonly EgressRule[], writer: YamlWriter): void {
  writer.bytes.ascii(rules.length === 0 ? '\n  egress: []' : '\n  egress:');
  for (const { to, ports } of rules) putRule(TO, to, ports, writer);
}

function putRule(
  key: string,
  peers: readonly NetworkPolicyPeer[] | undefined,
  ports: readonly NetworkPolicyPort[] | undefined,
  writer: YamlWriter,
): void {
  const { bytes } = writer;
  if (peers !== undefined) {
    bytes.ascii(key);
    if (peers.length === 0) bytes.ascii(' []');
    for (const peer of peers) putKnownPeer(peer, writer);
  }
  if (ports !== undefined) {
    bytes.ascii(peers === undefined ? '\n    - ports:' : '\n      ports:');
    putKnownPorts(ports, writer);
  } else if (peers === undefined) bytes.ascii('\n    - {}');
}

function putKnownPeer(peer: NetworkPolicyPeer, { bytes, peers }: YamlWriter): void {
  const known = peers.get(peer);
  if (known !== undefined) return bytes.again(known);
  const before = bytes.length;
  putPeer(bytes, peer);
  peers.set(peer, bytes.keep(before));
}

function putKnownPorts(list: readonly NetworkPolicyPort[], { bytes, ports }: YamlWriter): void {
  const known = ports.get(list);
  if (known !== undefined) return bytes.again(known);
  const before = bytes.length;
  putPorts(bytes, list);
  ports.set(list, bytes.keep(before));
}
