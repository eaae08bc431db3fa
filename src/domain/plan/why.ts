import { tierOfPolicy, type Origin } from './origins.js';
import type { ObjectPair } from './step.js';

/** Sentences for people: whom a step is about, and why it stands where it stands. */
const NAMED_MAX = 3;

export function whyAdded(pair: ObjectPair, origin: Origin | undefined): string {
  if (origin === undefined) return `${sideOf(pair)} had no object: all that it may do comes with it`;
  const from = origin.reason === 'moved' ? `in namespace ${origin.namespace}` : `called ${origin.name}`;
  return `${sideOf(pair)} was ${from}: this comes first, that goes last`;
}

export function whyChanged(pair: ObjectPair, kept: boolean): string {
  const stays = kept ? '; its copy holds what it said before' : '';
  return `${sideOf(pair)} has other rules or notes${stays}`;
}

export function whyReselected(pair: ObjectPair, kept: boolean): string {
  const stays = kept ? '; its copy holds the pods that it lets go' : '';
  return `${sideOf(pair)} has other pods${stays}`;
}

export function whyKept(pair: ObjectPair, others: readonly string[]): string {
  const too = others.length === 0 ? '' : `, and what ${names(others)} allow`;
  return `${pair.name} is about to take rights from pods that nothing else holds yet: this copy keeps what it says${too}`;
}

export function whyWidened(pair: ObjectPair, others: readonly string[], phase: 'coming' | 'going'): string {
  const until = phase === 'coming' ? 'until they are there' : 'as they go before it';
  return `${sideOf(pair)} could share pods with ${names(others)}: it holds their rules too ${until}`;
}

export function whyNarrowed(pair: ObjectPair): string {
  return `${sideOf(pair)} needs to hold no rules of others any more`;
}

export function whyDenyAdded({ namespace }: ObjectPair): string {
  return `all that is allowed in namespace ${namespace} is in place, so nothing of it is cut`;
}

export function whyDenyRemoved({ namespace }: ObjectPair): string {
  return `as long as it isolates the pods of namespace ${namespace}, they need the objects that go after it`;
}

export function whyRemoved(pair: ObjectPair, origin: Origin | undefined): string {
  if (origin === undefined)
    return `${sideOf(pair)} has nothing in its place; whoever still needs something has it by now`;
  const to = origin.reason === 'moved' ? `in namespace ${origin.namespace}` : `called ${origin.name}`;
  return `${sideOf(pair)} is ${to} by now`;
}

export function whyDropped({ name }: ObjectPair): string {
  return `all others have changed: nobody needs the copy of ${name}`;
}

/** `ingress of shop/web` */
function sideOf({ name, before, after }: ObjectPair): string {
  const policy = after ?? before;
  const tier = tierOfPolicy(policy);
  const types = (policy?.spec.policyTypes ?? []).map((type) => type.toLowerCase()).join(' and ');
  return tier === undefined ? name : `${types} of ${tier}`;
}

function names(others: readonly string[]): string {
  const more = others.length > NAMED_MAX ? ` and ${others.length - NAMED_MAX} more` : '';
  return `${others.slice(0, NAMED_MAX).join(', ')}${more}`;
}
