import { compareText } from '../errors.js';
import type { Finding } from '../finding.js';
import { lenientCidr } from './cidr-text.js';
import { fieldsAt, formatField, listAt, showValue, textAt } from './fields.js';
import { whereOf, type ManifestObject, type Stray } from './manifest-objects.js';
import { hasEnded, nameOf } from './owned-pods.js';
import { oddLabels } from './pod-facts.js';
import { rawPolicy } from './raw-policy.js';
import { templateOf } from './kinds.js';

/** `namespace/name` of an object, as findings and messages call it; a Namespace is in none. */
export function objectRef({ kind, fields }: ManifestObject): string {
  const metadata = fieldsAt(fields, 'metadata');
  if (kind === 'Namespace') return nameOf(metadata);
  return `${textAt(metadata, 'namespace') || 'default'}/${nameOf(metadata)}`;
}

/** What in the input is no Kubernetes object, and was left out. */
export function strayFindings(strays: readonly Stray[]): Finding[] {
  return strays.map((stray) => ({
    code: 'not-an-object',
    severity: 'warning',
    path: stray.pointer,
    message: `${stray.what} at ${whereOf(stray)} is no Kubernetes object and was skipped`,
  }));
}

/** Which kinds were skipped, as they have no part in who may talk to whom: one finding a kind. */
export function skippedFindings(objects: readonly ManifestObject[]): Finding[] {
  const counts = new Map<string, number>();
  for (const { apiVersion, kind } of objects)
    counts.set(`${apiVersion} ${kind}`, (counts.get(`${apiVersion} ${kind}`) ?? 0) + 1);
  return [...counts]
    .sort(([a], [b]) => compareText(a, b))
    .map(([path, count]) => ({
      code: 'kind-skipped',
      severity: 'info',
      path,
      message: `${count === 1 ? '1 object' : `${count} objects`} of kind ${path} skipped: the kind has no part in this answer`,
    }));
}

/** A policy that is in force but not in the answer makes the answer wrong: that is an error, not a note. */
export function foreignPolicyFindings(objects: readonly ManifestObject[]): Finding[] {
  return objects.map((object) => ({
    code: 'policy-kind-not-included',
    severity: 'error',
    path: objectRef(object),
    message: `${object.kind} ${nameOf(fieldsAt(object.fields, 'metadata'))} (${object.apiVersion}) is not evaluated: the answer does not include it and may be wrong where it applies`,
  }));
}

/** What a valid policy says that is worth a look. */
export function policyFindings(object: ManifestObject): Finding[] {
  return [...ignoredRules(object), ...legacyCidrs(object), ...removedApi(object)];
}

/** Rules of a direction that policyTypes leaves out do nothing. */
function ignoredRules(object: ManifestObject): Finding[] {
  const spec = fieldsAt(object.fields, 'spec');
  const types = listAt(spec, 'policyTypes');
  return (['ingress', 'egress'] as const).flatMap((direction): Finding[] => {
    const type = direction === 'ingress' ? 'Ingress' : 'Egress';
    if (types.length === 0 || types.includes(type) || listAt(spec, direction).length === 0) return [];
    const message = `NetworkPolicy ${objectRef(object)} has ${direction} rules, but its policyTypes do not name ${type}: the rules are ignored`;
    return [{ code: 'rules-ignored', severity: 'warning', path: objectRef(object), message }];
  });
}

/** CIDRs that were accepted once and are refused by servers with strict CIDR validation (KEP-4858). */
function legacyCidrs(object: ManifestObject): Finding[] {
  return rawPolicy(object.fields).blocks.flatMap(({ path, value }) =>
    [value['cidr'], ...listAt(value, 'except')].flatMap((text): Finding[] => {
      if (typeof text !== 'string' || lenientCidr(text)?.legacy !== true) return [];
      const message = `NetworkPolicy ${objectRef(object)} has the CIDR ${showValue(text)} in ${formatField(path)}: bits beyond the prefix, leading zeros and IPv4 in IPv6 are refused by newer API servers`;
      return [{ code: 'cidr-legacy', severity: 'warning', path: objectRef(object), message }];
    }),
  );
}

function removedApi(object: ManifestObject): Finding[] {
  if (object.apiVersion === 'networking.k8s.io/v1') return [];
  const message = `NetworkPolicy ${objectRef(object)} is of ${object.apiVersion}, which Kubernetes 1.16 removed: it was read as networking.k8s.io/v1`;
  return [{ code: 'api-version-removed', severity: 'warning', path: objectRef(object), message }];
}

/** Pods that have ended have no network: they are not in the answer. */
export function endedPodFindings(objects: readonly ManifestObject[]): Finding[] {
  return objects.filter(hasEnded).map((object) => ({
    code: 'pod-ended',
    severity: 'info',
    path: objectRef(object),
    message: `Pod ${objectRef(object)} has ended (${textAt(fieldsAt(object.fields, 'status'), 'phase')}) and was left out`,
  }));
}

/** Labels that are no texts, which the API server refuses. */
export function oddLabelFindings(objects: readonly ManifestObject[]): Finding[] {
  return objects.flatMap((object) => {
    const { kind, fields } = object;
    const holder = kind === 'Pod' || kind === 'Namespace' ? fields : templateOf(kind, fields);
    return oddLabels(fieldsAt(holder, 'metadata')).map((key) => ({
      code: 'label-not-text',
      severity: 'warning' as const,
      path: objectRef(object),
      message: `${kind} ${objectRef(object)} has a label ${showValue(key)} that is no text: the API server refuses it; put the value in quotes`,
    }));
  });
}
