import { SluiceError } from '../errors.js';
import { isFields, listAt, own, textAt, type Fields } from './fields.js';
import { parseYaml } from './yaml-documents.js';

/** Where something stood in the input: the file where there are several, an RFC 6901 pointer, and the line where it was YAML. */
export interface Whereabouts {
  readonly pointer: string;
  readonly file?: string;
  readonly line?: number;
}

/** One Kubernetes object of the input. */
export interface ManifestObject extends Whereabouts {
  readonly apiVersion: string;
  readonly kind: string;
  readonly fields: Fields;
}

/** A text that was read from somewhere with a name. */
export interface ManifestFile {
  readonly name: string;
  readonly text: string;
}

/** Something in the input that is no Kubernetes object. */
export interface Stray extends Whereabouts {
  readonly what: string;
}

/** The objects of the input, and what in it is none. */
export interface Found {
  readonly objects: readonly ManifestObject[];
  readonly strays: readonly Stray[];
}

interface Place extends Whereabouts {
  readonly value: unknown;
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
  return gather(places(input));
}

/**
 * As manifestObjects, of several files as if they were one stream. Refuses every file that is no YAML, naming all of them.
 * @example manifestsOfFiles([{ name: 'web.yaml', text: 'kind: Pod' }]).objects[0].file // 'web.yaml'
 */
export function manifestsOfFiles(files: readonly ManifestFile[]): Found {
  const broken: { file: string; error: SluiceError }[] = [];
  const all = files.flatMap(({ name: file, text }) => {
    try {
      return textPlaces(text).map((place) => ({ ...place, file, pointer: `${file}${place.pointer}` }));
    } catch (error) {
      if (!(error instanceof SluiceError)) throw error;
      broken.push({ file, error });
      return [];
    }
  });
  refuseFiles(broken);
  return gather(all);
}

function refuseFiles(broken: readonly { readonly file: string; readonly error: SluiceError }[]): void {
  const [first, second] = broken;
  if (first === undefined) return;
  const problems = broken.map(({ file, error }) => ({
    ...{ pointer: `${file}#`, code: error.code, detail: `${file}: ${error.message}` },
  }));
  const message = second === undefined ? (problems[0]?.detail ?? '') : `${broken.length} files cannot be read`;
  throw new SluiceError(first.error.code, message, second === undefined ? [] : problems);
}

function gather(all: readonly Place[]): Found {
  const found = all.map(open);
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

/** `line 12`, `web.yaml:12`, or the pointer where there are no lines. */
export function whereOf({ file, line, pointer }: Whereabouts): string {
  if (line === undefined) return pointer;
  return file === undefined ? `line ${line}` : `${file}:${line}`;
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
  return { objects: [{ apiVersion, kind, fields: value, pointer, ...placeOf(place) }], strays: [] };
}

function openItems(items: readonly unknown[], pointer: string, place: Place): Found {
  if (place.depth >= MAX_LIST_DEPTH) return stray(place, `a list ${MAX_LIST_DEPTH + 1} lists deep`);
  const { implied } = place;
  const found = items.map((value, index) =>
    open({
      value,
      pointer: `${pointer}/${index}`,
      depth: place.depth + 1,
      ...placeOf(place),
      ...(implied === undefined ? {} : { implied }),
    }),
  );
  return { objects: found.flatMap((one) => one.objects), strays: found.flatMap((one) => one.strays) };
}

function stray(place: Place, what: string): Found {
  return { objects: [], strays: [{ pointer: place.pointer, what, ...placeOf(place) }] };
}

function placeOf({ file, line }: Place): { file?: string; line?: number } {
  return { ...(file === undefined ? {} : { file }), ...(line === undefined ? {} : { line }) };
}
