import { refuse, type Problem } from '../errors.js';
import { sortFindings, type Finding } from '../finding.js';
import { defaultPolicy } from './defaulting.js';
import { fieldsAt, formatField, pointerTo } from './fields.js';
import { readingOf, type Reading } from './kinds.js';
import {
  endedPodFindings,
  foreignPolicyFindings,
  objectRef,
  oddLabelFindings,
  policyFindings,
  skippedFindings,
  strayFindings,
} from './manifest-findings.js';
import {
  manifestObjects,
  manifestsOfFiles,
  whereOf,
  type Found,
  type ManifestFile,
  type ManifestObject,
} from './manifest-objects.js';
import { namespacesOf } from './namespaces.js';
import type { NetworkPolicy } from './network-policy.js';
import { hasEnded, nameOf, ownedWorkloads } from './owned-pods.js';
import { lastOfEach } from './repeated-objects.js';
import { serviceFacts, type ServiceFacts } from './service.js';
import { validatePolicy } from './validate-policy.js';
import type { NamespaceFacts, WorkloadFacts } from './workload.js';

/** All that manifests say about who is there and which NetworkPolicies hold. */
export interface Manifests {
  readonly namespaces: readonly NamespaceFacts[];
  readonly workloads: readonly WorkloadFacts[];
  readonly services: readonly ServiceFacts[];
  readonly policies: readonly NetworkPolicy[];
  readonly findings: readonly Finding[];
}

/**
 * Reads manifests: a YAML stream or JSON text, or values already parsed (one object, an array, or a List). Refuses text that
 * is no YAML (`malformed`, naming the line), and NetworkPolicies or nameless objects that break an API rule (`invalid`, every
 * violation at once). What it skips is in the findings.
 * @example readManifests('{kind: Deployment, apiVersion: apps/v1, metadata: {name: web}}').workloads[0]?.namespace // 'default'
 */
export function readManifests(input: unknown): Manifests {
  return orRefuse(inspectManifests(input));
}

/**
 * As readManifests, of several files together: what is said of an object names its file and line.
 * @example readManifestFiles([{ name: 'web.yaml', text }, { name: 'db.yaml', text: other }]).workloads
 */
export function readManifestFiles(files: readonly ManifestFile[]): Manifests {
  return orRefuse(inspect(manifestsOfFiles(files)));
}

/**
 * As readManifests, but gives the problems beside what could be read, for those who report rather than refuse. Policies with
 * a problem are not among the policies.
 */
export function inspectManifests(input: unknown): Inspected {
  return inspect(manifestObjects(input));
}

interface Inspected {
  readonly manifests: Manifests;
  readonly problems: readonly Problem[];
}

function orRefuse({ manifests, problems }: Inspected): Manifests {
  refuse(problems, 'the input');
  return manifests;
}

function inspect({ objects, strays }: Found): Inspected {
  const all = byReading(objects);
  const last = lastOfEach(objects.filter((object) => USED.includes(readingOf(object.apiVersion, object.kind))));
  const of = byReading(last.kept);
  const checked = all('policy').map((object) => ({ object, problems: policyProblems(object) }));
  const broken = new Set(checked.filter(({ problems }) => problems.length > 0).map(({ object }) => object));
  const valid = of('policy').filter((object) => !broken.has(object));
  const live = [...of('pod').filter((pod) => !hasEnded(pod)), ...of('template')];
  const policies = valid.map(({ fields }) => defaultPolicy(fields));
  const workloads = ownedWorkloads(live);
  const used = [...workloads.map(({ namespace }) => namespace), ...policies.map(({ metadata }) => metadata.namespace)];
  const spaces = namespacesOf(of('namespace'), used);
  const findings = [
    ...strayFindings(strays),
    ...last.findings,
    ...skippedFindings(all('nothing')),
    ...foreignPolicyFindings(all('foreign-policy')),
    ...valid.flatMap(policyFindings),
    ...endedPodFindings(of('pod')),
    ...oddLabelFindings([...live, ...of('namespace')]),
    ...spaces.findings,
  ];
  const services = of('service').map(({ fields }) => serviceFacts(fields));
  const problems = [...checked.flatMap((one) => one.problems), ...[...live, ...of('namespace')].flatMap(nameProblems)];
  return {
    manifests: { namespaces: spaces.namespaces, workloads, services, policies, findings: sortFindings(findings) },
    problems,
  };
}

const USED: readonly Reading[] = ['policy', 'namespace', 'service', 'pod', 'template'];

function byReading(objects: readonly ManifestObject[]): (reading: Reading) => readonly ManifestObject[] {
  const groups = new Map<Reading, ManifestObject[]>();
  for (const object of objects) {
    const reading = readingOf(object.apiVersion, object.kind);
    const group = groups.get(reading);
    if (group === undefined) groups.set(reading, [object]);
    else group.push(object);
  }
  return (reading) => groups.get(reading) ?? [];
}

function policyProblems(object: ManifestObject): Problem[] {
  const who = `NetworkPolicy ${objectRef(object)}${object.line === undefined ? '' : ` (${whereOf(object)})`}`;
  const sent = { apiVersion: object.apiVersion, kind: object.kind, ...object.fields };
  return validatePolicy(sent).map(({ path, code, detail, value }) => ({
    pointer: pointerTo(object.pointer, path),
    code,
    detail: `${who}: ${formatField(path)}: ${detail}`,
    ...(value === undefined ? {} : { value }),
  }));
}

function nameProblems(object: ManifestObject): Problem[] {
  if (nameOf(fieldsAt(object.fields, 'metadata')) !== '') return [];
  const detail = `the ${object.kind} at ${whereOf(object)} has no name`;
  return [{ pointer: pointerTo(object.pointer, ['metadata', 'name']), code: 'required', detail }];
}
