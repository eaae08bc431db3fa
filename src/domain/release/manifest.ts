import { dnsLabel } from '../model/names.js';
import type { Descriptor } from '../oci/content.js';
import { digestText } from '../oci/grammar.js';
import { BUNDLE_ARTIFACT, LAYER, MANIFEST } from '../oci/media-types.js';
import { readTag } from '../oci/tags.js';
import { digest } from '../render/digest.js';
import { fieldOf, type Json, jsonObject, listOf, textOf } from './json-fields.js';

/** The manifest of a version, as a registry gives it. What it says counts only once its digest is signed. */
export interface ReleaseManifest {
  /** Of its bytes. */
  readonly digest: string;
  readonly environment: string;
  readonly version: number;
  /** Of the YAML stream: the identity of the content. */
  readonly contentDigest: string;
  /** RFC 3339: when it was published. */
  readonly createdAt: string;
  readonly layer: Descriptor;
}

/** What was read, or why it cannot be. */
export type Read<T> =
  { readonly kind: 'read'; readonly value: T } | { readonly kind: 'unreadable'; readonly why: string };

/** Larger ones are not fetched: a bundle is a few megabytes. */
export const LAYER_MAX = 256 * 1024 * 1024;

/**
 * Reads the bytes of a manifest: one layer, and in its annotations environment, version and digest of the content.
 * @example readManifest(bytes) // { kind: 'read', value: { environment: 'prod', version: 7, ... } }
 */
export function readManifest(bytes: Uint8Array): Read<ReleaseManifest> {
  const json = jsonObject(bytes);
  if (json === undefined) return unreadable('it is no JSON');
  const kinds = [json['schemaVersion'] === 2, json['mediaType'] === MANIFEST, json['artifactType'] === BUNDLE_ARTIFACT];
  if (kinds.includes(false)) return unreadable(`it is no image manifest of a ${BUNDLE_ARTIFACT}`);
  const layers = listOf(json, 'layers');
  const layer = readDescriptor(layers[0]);
  if (layers.length !== 1 || layer?.mediaType !== LAYER) return unreadable(`it has not exactly one layer of ${LAYER}`);
  if (layer.size > LAYER_MAX)
    return unreadable(`its layer has ${layer.size} bytes, more than the ${LAYER_MAX} allowed`);
  const named = namesOf(json);
  return named === undefined
    ? unreadable('its annotations do not say which version of which environment it is')
    : { kind: 'read', value: { digest: digest(bytes), layer, ...named } };
}

/** @example readDescriptor({ mediaType: 'a/b', digest: 'sha256:...', size: 3, more: 1 }) // without `more` */
export function readDescriptor(value: unknown): Descriptor | undefined {
  const [mediaType, named, size] = [textOf(value, 'mediaType'), textOf(value, 'digest'), fieldOf(value, 'size')];
  if (mediaType === undefined || named === undefined || digestText(named) !== undefined) return undefined;
  return Number.isSafeInteger(size) && Number(size) >= 0 ? { mediaType, digest: named, size: Number(size) } : undefined;
}

const CREATED = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;

function namesOf(
  json: Json,
): Pick<ReleaseManifest, 'environment' | 'version' | 'contentDigest' | 'createdAt'> | undefined {
  const annotation = (name: string) => textOf(json['annotations'], `org.opencontainers.image.${name}`) ?? '';
  const [environment = '', contentDigest = ''] = annotation('revision').split(/@(.*)/s, 2);
  const tag = readTag(annotation('version'));
  const createdAt = annotation('created');
  if (tag?.kind !== 'version' || !CREATED.test(createdAt)) return undefined;
  if (dnsLabel(environment) !== undefined || digestText(contentDigest) !== undefined) return undefined;
  return { environment, version: tag.version, contentDigest, createdAt };
}

function unreadable(why: string): { readonly kind: 'unreadable'; readonly why: string } {
  return { kind: 'unreadable', why };
}
