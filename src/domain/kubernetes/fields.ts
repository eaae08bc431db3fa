/** Where a value stands in an object: `['spec', 'ingress', 0, 'ports']`. */
export type FieldPath = readonly (string | number)[];

export type Fields = Readonly<Record<string, unknown>>;

/** True for a YAML or JSON mapping. */
export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The mapping under a key, or an empty one: for reading what may be missing. */
export function fieldsAt(fields: Fields, key: string): Fields {
  const value = own(fields, key);
  return isFields(value) ? value : {};
}

/** The list under a key, or an empty one. */
export function listAt(fields: Fields, key: string): readonly unknown[] {
  const value = own(fields, key);
  return Array.isArray(value) ? value : [];
}

/** The text under a key; nothing where it is missing or no text. */
export function textAt(fields: Fields, key: string): string | undefined {
  const value = own(fields, key);
  return typeof value === 'string' ? value : undefined;
}

/** The value under a key of the object itself: `constructor` is no field of an empty mapping. */
export function own(fields: Fields, key: string): unknown {
  return Object.hasOwn(fields, key) ? fields[key] : undefined;
}

/** True where a field is there and not null. */
export function isSet(fields: Fields, key: string): boolean {
  return own(fields, key) !== undefined && own(fields, key) !== null;
}

/**
 * A path as Kubernetes writes it.
 * @example formatField(['spec', 'ingress', 0, 'ports', 1, 'port']) // 'spec.ingress[0].ports[1].port'
 */
export function formatField(path: FieldPath): string {
  return path.map(formatStep).join('').replace(/^\./, '');
}

function formatStep(step: string | number): string {
  return typeof step === 'string' && /^[A-Za-z][A-Za-z0-9]*$/.test(step) ? `.${step}` : `[${step}]`;
}

/** A path as RFC 6901 has it, below `base`. */
export function pointerTo(base: string, path: FieldPath): string {
  return base + path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

/** A value for a message, short whatever the client sent: scalars as they are, lists and mappings by what they are. */
export function showValue(value: unknown): string {
  if (value === null || value === undefined) return 'null';
  if (typeof value === 'string') return JSON.stringify(value.length > 80 ? `${value.slice(0, 77)}...` : value);
  if (Array.isArray(value)) return `a list of ${value.length}`;
  return typeof value === 'object' ? 'a mapping' : String(value);
}
