import { fieldsAt, isFields, listAt, own, textAt, type Fields } from './fields.js';
import { templateOf } from './kinds.js';
import type { ManifestObject } from './manifest-objects.js';
import { podFacts } from './pod-facts.js';
import { workloadRef, type WorkloadFacts } from './workload.js';

/** Who a set of pods belongs to. */
interface Owner {
  readonly namespace: string;
  readonly name: string;
  readonly kind: string;
}

/** A pod, or an object with a template, with its own name and that of the controller over it. */
interface Member {
  readonly self: Owner;
  readonly controller: Owner | undefined;
  readonly from: 'pod' | 'template';
  readonly facts: WorkloadFacts;
}

/**
 * The workloads of pods and objects with a template, each with the kinds of its pods. A pod stands under its controlling
 * owner; an object with a template that is controlled by another object of the input (a ReplicaSet by its Deployment) stands
 * under that one. Where the pods themselves are given, they and not the template say how the pods are.
 */
export function ownedWorkloads(objects: readonly ManifestObject[]): WorkloadFacts[] {
  const members = objects.map(memberOf);
  const bySelf = new Map(members.map((member) => [workloadRef(member.self), member]));
  const kept = members.filter((member) => member.from === 'pod' || !hasController(member, bySelf));
  const withRoots = kept.map((member) => ({
    from: member.from,
    facts: { ...member.facts, ...rootOf(member, bySelf) },
  }));
  const withPods = new Set(withRoots.filter(({ from }) => from === 'pod').map(({ facts }) => workloadRef(facts)));
  return withRoots
    .filter(({ from, facts }) => from === 'pod' || !withPods.has(workloadRef(facts)))
    .map(({ facts }) => facts);
}

/** True where the pod has run to its end: it has no network any more. */
export function hasEnded(object: ManifestObject): boolean {
  const phase = textAt(fieldsAt(object.fields, 'status'), 'phase');
  return phase === 'Succeeded' || phase === 'Failed';
}

function memberOf({ fields, kind }: ManifestObject): Member {
  const from = kind === 'Pod' ? 'pod' : 'template';
  const metadata = fieldsAt(fields, 'metadata');
  const self = { namespace: textAt(metadata, 'namespace') || 'default', name: nameOf(metadata), kind };
  const facts = podFacts(from === 'pod' ? fields : templateOf(kind, fields));
  return { self, controller: controllerOf(metadata, self.namespace), from, facts: { ...self, ...facts } };
}

/** A name still to be generated is shown by its beginning. */
export function nameOf(metadata: Fields): string {
  return textAt(metadata, 'name') || (textAt(metadata, 'generateName') ?? '');
}

/** Mirror pods are controlled by their Node: that is no workload. */
function controllerOf(metadata: Fields, namespace: string): Owner | undefined {
  const reference = listAt(metadata, 'ownerReferences').find((one) => isFields(one) && own(one, 'controller') === true);
  if (!isFields(reference)) return undefined;
  const name = textAt(reference, 'name');
  const kind = textAt(reference, 'kind');
  return name === undefined || kind === undefined || kind === 'Node' ? undefined : { namespace, name, kind };
}

function hasController(member: Member, bySelf: ReadonlyMap<string, Member>): boolean {
  return member.controller !== undefined && bySelf.has(workloadRef(member.controller));
}

/** Up from pod to ReplicaSet to Deployment, as far as the input tells. Owners in a circle end the climb. */
function rootOf(member: Member, bySelf: ReadonlyMap<string, Member>): Owner {
  let at: Owner = member.self;
  let next = member.from === 'pod' ? member.controller : undefined;
  const seen = new Set<string>();
  while (next !== undefined && !seen.has(workloadRef(next))) {
    seen.add(workloadRef(next));
    at = next;
    next = controlledIn(bySelf, next);
  }
  return at;
}

/** The owner's own controller counts only where it is in the input too: else the ReplicaSet itself names the workload. */
function controlledIn(bySelf: ReadonlyMap<string, Member>, owner: Owner): Owner | undefined {
  const member = bySelf.get(workloadRef(owner));
  return member !== undefined && hasController(member, bySelf) ? member.controller : undefined;
}
