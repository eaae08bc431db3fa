import { SluiceError } from '../errors.js';
import { isFields, listAt, own, textAt, type Fields } from './fields.js';
import { parseYaml } from './yaml-documents.js';

/** One Kubernetes object of the input, and where it stood: an RFC 6901 pointer, and the line where it was YAML. */
export interface ManifestObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly fields: Fields;
  readonly pointer: string;
  readonly line?: number;
}

/** Something in the input that is no Kubernetes object. */
export interface Stray {
  readonly pointer: string;
  readonly line?: number;
  readonly what: string;
}

interface Found {
  readonly objects: readonly ManifestObject[];
  readonly strays: readonly Stray[];
}

interface Place {
  readonly value: unknown;
  readonly pointer: string;
  readonly line?: number;
  /** What the items of a typed list are, as they need not say it themselves. */
  readonly implied?: { readonly kind: string; readonly apiVersion: string };
  readonly depth: number;
}

/** Lists in lists are unusual, lists in lists in lists an attack: aliases could make them many. */
const MAX_LIST_DEPTH = 2;

/**
 * Takes manifests apart into objects: a YAML stream or JSON text, or values already parsed (one object, an array, or a List).
 * `List` and `<Kind>List` are opened. Refuses text that is no YAML, and input in which nothing is a Kubernetes object.
 * @example manifestObjects('kind: PodList\napiVersion: v1\nitems: [{metadata: {name: a}}]').objects[0].kind // 'Pod'
 */
export function manifestObjects(input: unknown): Found {
  const found = places(input).map(open);
  const objects = found.flatMap((one) => one.objects);
  const strays = found.flatMap((one) => one.strays);
  const first = strays[0];
  if (objects.length === 0 && first !== undefined) {
    throw new SluiceError(
      'malformed',
      `there is no Kubernetes object in the manifests: ${first.what} at ${whereOf(first)}`,
    );
  }
  return { objects, strays };
}

/** `line 12`, or the pointer where there are no lines. */
export function whereOf(place: { readonly pointer: string; readonly line?: number }): string {
  return place.line === undefined ? place.pointer : `line ${place.line}`;
}

function places(input: unknown): Place[] {
  if (typeof input === 'string') return textPlaces(input);
  if (Array.isArray(input)) return input.map((value: unknown, index) => ({ value, pointer: `#/${index}`, depth: 0 }));
  return [{ value: input, pointer: '#', depth: 0 }];
}

/** JSON is read as such where it can be: it is many times faster. */
function textPlaces(text: string): Place[] {
  const json = /^\s*[[{]/.test(text) ? parseJson(text) : undefined;
  if (json !== undefined) return places(json);
  return parseYaml(text).map(({ value, line }, index) => ({ value, line, pointer: `#/${index}`, depth: 0 }));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // perhaps YAML in flow style, or a stream
  }
}

function open(place: Place): Found {
  const { value, pointer, implied } = place;
  if (Array.isArray(value)) return openItems(value as unknown[], pointer, place);
  if (!isFields(value)) return stray(place, 'a value that is no mapping');
  const kind = textAt(value, 'kind') || (implied?.kind ?? '');
  const apiVersion = textAt(value, 'apiVersion') || (implied?.apiVersion ?? '');
  if (kind === '') return stray(place, 'a mapping without a kind');
  if (kind.endsWith('List') && Array.isArray(own(value, 'items'))) {
    const of = kind === 'List' ? undefined : { kind: kind.slice(0, -'List'.length), apiVersion };
    return openItems(listAt(value, 'items'), `${pointer}/items`, {
      ...place,
      ...(of === undefined ? {} : { implied: of }),
    });
  }
  return { objects: [{ apiVersion, kind, fields: value, pointer, ...lineOf(place) }], strays: [] };
}

function openItems(items: readonly unknown[], pointer: string, place: Place): Found {
  if (place.depth >= MAX_LIST_DEPTH) return stray(place, `a list ${MAX_LIST_DEPTH + 1} lists deep`);
  const { implied } = place;
  const found = items.map((value, index) =>
    open({
      value,
      pointer: `${pointer}/${index}`,
      depth: place.depth + 1,
      ...lineOf(place),
      ...(implied === undefined ? {} : { implied }),
    }),
  );
  return { objects: found.flatMap((one) => one.objects), strays: found.flatMap((one) => one.strays) };
}

function stray(place: Place, what: string): Found {
  return { objects: [], strays: [{ pointer: place.pointer, what, ...lineOf(place) }] };
}

function lineOf(place: Place): { line?: number } {
  return place.line === undefined ? {} : { line: place.line };
}
