import { formatCidr } from '../model/cidr.js';
import type { Labels } from '../model/labels.js';
import { PROTOCOLS, type Protocol } from '../model/ports.js';
import type { LabelRequirement, LabelSelector } from '../model/selector.js';
import { lenientCidr } from './cidr-text.js';
import { fieldsAt, isFields, listAt, own, textAt, type Fields } from './fields.js';
import type {
  EgressRule,
  IngressRule,
  IpBlock,
  NetworkPolicy,
  NetworkPolicyPeer,
  NetworkPolicyPort,
  ObjectMeta,
  PolicyType,
} from './network-policy.js';

/**
 * The NetworkPolicy that the API server would store for a valid object: with its defaults, without its nulls, CIDRs in
 * canonical form. https://github.com/kubernetes/kubernetes/blob/master/pkg/apis/networking/v1/defaults.go
 * @example defaultPolicy({ metadata: { name: 'a' }, spec: { egress: [] } }).spec.policyTypes // ['Ingress']
 */
export function defaultPolicy(object: Fields): NetworkPolicy {
  const spec = fieldsAt(object, 'spec');
  const ingress = listAt(spec, 'ingress').map((rule) => ({
    ...peersOf(rule, 'from'),
    ...portsOf(rule),
  })) as IngressRule[];
  const egress = listAt(spec, 'egress').map((rule) => ({ ...peersOf(rule, 'to'), ...portsOf(rule) })) as EgressRule[];
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: metadataOf(fieldsAt(object, 'metadata')),
    spec: {
      podSelector: selectorOf(fieldsAt(spec, 'podSelector')),
      policyTypes: policyTypesOf(spec),
      ...(isList(spec, 'ingress') ? { ingress } : {}),
      ...(isList(spec, 'egress') ? { egress } : {}),
    },
  };
}

function metadataOf(metadata: Fields): ObjectMeta {
  return {
    name: textAt(metadata, 'name') ?? textAt(metadata, 'generateName') ?? '',
    namespace: textAt(metadata, 'namespace') || 'default',
    ...(isFields(own(metadata, 'labels')) ? { labels: fieldsAt(metadata, 'labels') as Labels } : {}),
    ...(isFields(own(metadata, 'annotations')) ? { annotations: fieldsAt(metadata, 'annotations') as Labels } : {}),
  };
}

/** Missing or empty: Ingress, and Egress only where there is an egress rule; so `egress: []` alone isolates nothing outbound. */
function policyTypesOf(spec: Fields): readonly PolicyType[] {
  const given = listAt(spec, 'policyTypes') as PolicyType[];
  if (given.length > 0) return [...new Set(given)];
  return listAt(spec, 'egress').length > 0 ? ['Ingress', 'Egress'] : ['Ingress'];
}

function peersOf(rule: unknown, key: 'from' | 'to'): { readonly [key: string]: readonly NetworkPolicyPeer[] } {
  if (!isFields(rule) || !isList(rule, key)) return {};
  return { [key]: listAt(rule, key).flatMap((peer) => (isFields(peer) ? [peerOf(peer)] : [])) };
}

function peerOf(peer: Fields): NetworkPolicyPeer {
  const [pods, namespaces, block] = [own(peer, 'podSelector'), own(peer, 'namespaceSelector'), own(peer, 'ipBlock')];
  return {
    ...(isFields(pods) ? { podSelector: selectorOf(pods) } : undefined),
    ...(isFields(namespaces) ? { namespaceSelector: selectorOf(namespaces) } : undefined),
    ...(isFields(block) ? { ipBlock: blockOf(block) } : undefined),
  };
}

function blockOf(block: Fields): IpBlock {
  const canonical = (text: unknown): string => {
    const read = lenientCidr(String(text));
    return read === undefined ? String(text) : formatCidr(read.cidr);
  };
  const cidr = canonical(own(block, 'cidr'));
  return isList(block, 'except') ? { cidr, except: listAt(block, 'except').map(canonical) } : { cidr };
}

function portsOf(rule: unknown): { readonly ports?: readonly NetworkPolicyPort[] } {
  if (!isFields(rule) || !isList(rule, 'ports')) return {};
  return { ports: listAt(rule, 'ports').flatMap((port) => (isFields(port) ? [portOf(port)] : [])) };
}

function portOf(item: Fields): NetworkPolicyPort {
  const port = own(item, 'port');
  const endPort = own(item, 'endPort');
  return {
    protocol: protocolOf(item),
    ...(typeof port === 'number' || typeof port === 'string' ? { port } : {}),
    ...(typeof endPort === 'number' ? { endPort } : {}),
  };
}

/** The protocol under `protocol`, TCP where it is missing: for ports of policies, containers and Services alike. */
export function protocolOf(item: Fields): Protocol {
  const text = textAt(item, 'protocol');
  return PROTOCOLS.find((known) => known === text) ?? 'TCP';
}

/** A selector without its nulls. */
export function selectorOf(selector: Fields): LabelSelector {
  const expressions = listAt(selector, 'matchExpressions').filter(isFields).map(requirementOf);
  return {
    ...(isFields(own(selector, 'matchLabels')) ? { matchLabels: fieldsAt(selector, 'matchLabels') as Labels } : {}),
    ...(expressions.length === 0 ? {} : { matchExpressions: expressions }),
  };
}

function requirementOf(expression: Fields): LabelRequirement {
  const values = listAt(expression, 'values').map(String);
  const operator = textAt(expression, 'operator') as LabelRequirement['operator'];
  return { key: textAt(expression, 'key') ?? '', operator, ...(values.length === 0 ? {} : { values }) };
}

function isList(fields: Fields, key: string): boolean {
  return Array.isArray(own(fields, key));
}
