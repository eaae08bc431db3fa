import type { Finding } from '../finding.js';
import { fieldsAt, textAt } from './fields.js';
import { groupOf } from './kinds.js';
import { objectRef } from './manifest-findings.js';
import { whereOf, type ManifestObject } from './manifest-objects.js';

/** Of objects with the same kind and name the last one holds, as it would where they are applied in order. */
export function lastOfEach(objects: readonly ManifestObject[]): {
  readonly kept: readonly ManifestObject[];
  readonly findings: readonly Finding[];
} {
  const last = new Map<string, ManifestObject>();
  const findings: Finding[] = [];
  for (const object of objects) {
    const key = keyOf(object);
    if (last.has(key)) findings.push(repeated(object));
    last.set(key, object);
  }
  const kept = new Set(last.values());
  return { kept: objects.filter((object) => kept.has(object)), findings };
}

/** Objects whose name is still to be generated are never the same. */
function keyOf(object: ManifestObject): string {
  const named = (textAt(fieldsAt(object.fields, 'metadata'), 'name') ?? '') !== '';
  return named ? `${groupOf(object.apiVersion)} ${object.kind} ${objectRef(object)}` : object.pointer;
}

function repeated(object: ManifestObject): Finding {
  const message = `${object.kind} ${objectRef(object)} is given more than once: the last one counts (${whereOf(object)})`;
  return { code: 'object-repeated', severity: 'warning', path: objectRef(object), message };
}
