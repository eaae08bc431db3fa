import { SluiceError } from '../errors.js';
import { defaultPolicy } from '../kubernetes/defaulting.js';
import { type Fields, fieldsAt, formatField, isFields, listAt, textAt } from '../kubernetes/fields.js';
import type { NetworkPolicy } from '../kubernetes/network-policy.js';
import { validatePolicy } from '../kubernetes/validate-policy.js';

/** A NetworkPolicy as a cluster has it. */
export interface LiveObject {
  readonly policy: NetworkPolicy;
  /** Of this object: one that is made anew under its name has another. */
  readonly uid: string;
  /** Of this state of it. */
  readonly resourceVersion: string;
  /** Who applied it on the server's side. */
  readonly appliers: readonly string[];
}

/**
 * Reads what `kubectl get networkpolicies --output=json --show-managed-fields` prints: a List, or one object. Refuses (malformed) anything else.
 * @example readLive('{"kind":"List","apiVersion":"v1","items":[]}') // []
 */
export function readLive(text: string): LiveObject[] {
  const value = parsed(text);
  if (!isFields(value)) throw unreadable('it is no object');
  const items = textAt(value, 'kind')?.endsWith('List') === true ? listAt(value, 'items') : [value];
  return items.map(readOne);
}

function readOne(value: unknown): LiveObject {
  if (!isFields(value)) throw unreadable('it has an item that is no object');
  const metadata = fieldsAt(value, 'metadata');
  const name = `${textAt(metadata, 'namespace') ?? ''}/${textAt(metadata, 'name') ?? ''}`;
  const [apiVersion, kind] = [textAt(value, 'apiVersion'), textAt(value, 'kind')];
  if (apiVersion !== 'networking.k8s.io/v1' || kind !== 'NetworkPolicy')
    throw unreadable(`${name} is a ${kind ?? 'nothing'} of ${apiVersion ?? 'nothing'}`);
  const uid = textAt(metadata, 'uid');
  const resourceVersion = textAt(metadata, 'resourceVersion');
  if (uid === undefined || resourceVersion === undefined || name.startsWith('/') || name.endsWith('/'))
    throw unreadable(`${name} lacks its name, uid or resourceVersion`);
  const [violation] = validatePolicy(value);
  if (violation !== undefined) throw unreadable(`${name}: ${formatField(violation.path)}: ${violation.detail}`);
  return { policy: defaultPolicy(value), uid, resourceVersion, appliers: appliersOf(metadata) };
}

function appliersOf(metadata: Fields): string[] {
  const entries = listAt(metadata, 'managedFields').filter(isFields);
  const applied = entries.filter((entry) => textAt(entry, 'operation') === 'Apply');
  return applied.flatMap((entry) => textAt(entry, 'manager') ?? []);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw unreadable('it is no JSON', error);
  }
}

function unreadable(why: string, cause?: unknown): SluiceError {
  return new SluiceError('malformed', `what the cluster says cannot be read: ${why}`, [], { cause });
}
