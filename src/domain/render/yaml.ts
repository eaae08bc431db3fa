import type {
  EgressRule,
  IngressRule,
  IpBlock,
  NetworkPolicy,
  NetworkPolicyPeer,
  NetworkPolicyPort,
} from '../kubernetes/network-policy.js';
import type { Labels } from '../model/labels.js';
import type { LabelRequirement, LabelSelector } from '../model/selector.js';
import { scalar } from './scalar.js';

/** Writes objects one by one, and knows what it has written: a string, peer or port list that comes again is not made again. */
export interface YamlWriter {
  readonly scalars: Map<string, string>;
  readonly peers: Map<NetworkPolicyPeer, string>;
  readonly ports: Map<readonly NetworkPolicyPort[], string>;
}

/** A writer for one rendering; it holds on to what it wrote, so it should not outlive it. */
export function yamlWriter(): YamlWriter {
  return { scalars: new Map(), peers: new Map(), ports: new Map() };
}

/**
 * NetworkPolicies as one YAML stream: block style, keys in the order of the Kubernetes reference, LF, no anchors, no line folding.
 * Each document starts with `---`, so that streams can be put together by putting them one behind the other.
 * @example writeYaml(render(compile(snapshot))) // '---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\n...'
 */
export function writeYaml(policies: readonly NetworkPolicy[]): string {
  const writer = yamlWriter();
  return policies.map((policy) => writeDocument(policy, writer)).join('');
}

/** One document of the stream. */
export function writeDocument({ metadata, spec }: NetworkPolicy, writer: YamlWriter): string {
  let text = '---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata:\n  name: ';
  text += word(metadata.name, writer) + '\n  namespace: ' + word(metadata.namespace, writer);
  if (metadata.labels !== undefined) text += '\n  labels:' + map(metadata.labels, '\n    ', writer);
  if (metadata.annotations !== undefined) text += '\n  annotations:' + annotations(metadata.annotations);
  text += '\nspec:\n  podSelector:' + selector(spec.podSelector, '\n    ', writer);
  text += '\n  policyTypes:' + list(spec.policyTypes, '\n    - ', writer);
  if (spec.ingress !== undefined) text += '\n  ingress:' + rules(spec.ingress, ingressRule, writer);
  if (spec.egress !== undefined) text += '\n  egress:' + rules(spec.egress, egressRule, writer);
  return text + '\n';
}

function rules<R>(items: readonly R[], write: (rule: R, writer: YamlWriter) => string, writer: YamlWriter): string {
  if (items.length === 0) return ' []';
  let text = '';
  for (const item of items) text += write(item, writer);
  return text;
}

function ingressRule({ from, ports }: IngressRule, writer: YamlWriter): string {
  return rule(from === undefined ? '' : 'from:' + peerList(from, writer), ports, writer);
}

function egressRule({ to, ports }: EgressRule, writer: YamlWriter): string {
  return rule(to === undefined ? '' : 'to:' + peerList(to, writer), ports, writer);
}

function rule(peers: string, ports: readonly NetworkPolicyPort[] | undefined, writer: YamlWriter): string {
  if (ports === undefined) return '\n    - ' + (peers === '' ? '{}' : peers);
  return (peers === '' ? '\n    - ' : '\n    - ' + peers + '\n      ') + 'ports:' + portList(ports, writer);
}

function peerList(peers: readonly NetworkPolicyPeer[], writer: YamlWriter): string {
  if (peers.length === 0) return ' []';
  let text = '';
  for (const peer of peers) {
    let known = writer.peers.get(peer);
    if (known === undefined) writer.peers.set(peer, (known = flat(peerItem(peer, writer))));
    text += known;
  }
  return text;
}

function peerItem(peer: NetworkPolicyPeer, writer: YamlWriter): string {
  let text = '';
  let lead = '\n        - ';
  if (peer.namespaceSelector !== undefined) {
    text = lead + 'namespaceSelector:' + selector(peer.namespaceSelector, '\n            ', writer);
    lead = '\n          ';
  }
  if (peer.podSelector !== undefined) {
    text += lead + 'podSelector:' + selector(peer.podSelector, '\n            ', writer);
    lead = '\n          ';
  }
  if (peer.ipBlock !== undefined) text += lead + 'ipBlock:' + ipBlock(peer.ipBlock, writer);
  return text === '' ? lead + '{}' : text;
}

function ipBlock({ cidr, except }: IpBlock, writer: YamlWriter): string {
  const text = '\n            cidr: ' + word(cidr, writer);
  return except === undefined ? text : text + '\n            except:' + list(except, '\n              - ', writer);
}

function portList(ports: readonly NetworkPolicyPort[], writer: YamlWriter): string {
  if (ports.length === 0) return ' []';
  const known = writer.ports.get(ports);
  if (known !== undefined) return known;
  let text = '';
  for (const port of ports) text += portItem(port, writer);
  writer.ports.set(ports, text);
  return text;
}

function portItem({ protocol, port, endPort }: NetworkPolicyPort, writer: YamlWriter): string {
  const fields: string[] = [];
  if (protocol !== undefined) fields.push('protocol: ' + protocol);
  if (port !== undefined) fields.push('port: ' + (typeof port === 'number' ? String(port) : word(port, writer)));
  if (endPort !== undefined) fields.push('endPort: ' + String(endPort));
  return '\n        - ' + (fields.length === 0 ? '{}' : fields.join('\n          '));
}

function selector({ matchLabels, matchExpressions }: LabelSelector, indent: string, writer: YamlWriter): string {
  let text = '';
  if (matchLabels !== undefined) text += indent + 'matchLabels:' + map(matchLabels, indent + '  ', writer);
  if (matchExpressions !== undefined) {
    text += indent + 'matchExpressions:' + (matchExpressions.length === 0 ? ' []' : '');
    for (const requirement of matchExpressions) text += expression(requirement, indent + '  ', writer);
  }
  return text === '' ? ' {}' : text;
}

function expression({ key, operator, values }: LabelRequirement, indent: string, writer: YamlWriter): string {
  const text = indent + '- key: ' + word(key, writer) + indent + '  operator: ' + operator;
  return values === undefined ? text : text + indent + '  values:' + list(values, indent + '    - ', writer);
}

function map(labels: Labels, lead: string, writer: YamlWriter): string {
  let text = '';
  for (const key of Object.keys(labels)) text += lead + word(key, writer) + ': ' + word(labels[key] ?? '', writer);
  return text === '' ? ' {}' : text;
}

/** Annotations are long and of one use, so they are not kept. */
function annotations(values: Labels): string {
  let text = '';
  for (const [key, value] of Object.entries(values)) text += '\n    ' + scalar(key) + ': ' + scalar(value);
  return text === '' ? ' {}' : text;
}

function list(items: readonly string[], lead: string, writer: YamlWriter): string {
  if (items.length === 0) return ' []';
  let text = '';
  for (const item of items) text += lead + word(item, writer);
  return text;
}

/**
 * The same text in one piece. V8 keeps `a + b` as a tree of its parts until someone reads it; a tree that is kept is walked again each
 * time it is copied, and a stream that is one tree of millions of parts takes twice as long to turn into bytes.
 */
function flat(text: string): string {
  return [text, ''].join('');
}

function word(text: string, { scalars }: YamlWriter): string {
  const known = scalars.get(text);
  if (known !== undefined) return known;
  const written = scalar(text);
  scalars.set(text, written);
  return written;
}
