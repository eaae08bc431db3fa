import { digest } from '../../domain/render/digest.js';
import type { Descriptor } from '../../domain/oci/content.js';
import { MANIFEST, SIGSTORE_BUNDLE, SIMPLE_SIGNING } from '../../domain/oci/media-types.js';
import { repositoryOf, signatureTag } from '../../domain/oci/tags.js';
import { fieldOf, jsonObject, listOf, textOf } from '../../domain/release/json-fields.js';
import { readDescriptor } from '../../domain/release/manifest.js';
import type { Signature } from '../../domain/release/signature.js';
import { ask, type Connection } from '../server/ask.js';

/** The images of one environment. */
export interface Repository {
  readonly connection: Connection;
  readonly environment: string;
}

/** Manifests, signatures and statements are small. */
const SMALL_MAX = 1024 * 1024;
/** So many signatures are looked at: one a key. */
const SIGNATURES_MAX = 16;

/** The bytes of a manifest by tag; `unchanged` where its digest is `have`. Refuses (not-found) what there is not. */
export async function fetchManifest(
  repository: Repository,
  tag: string,
  have: string | undefined,
): Promise<Uint8Array | 'unchanged'> {
  const condition = have === undefined ? {} : { 'if-none-match': `"${have}"` };
  const { status, bytes } = await ask(repository.connection, {
    path: `${pathOf(repository)}/manifests/${tag}`,
    headers: { accept: MANIFEST, ...condition },
    answers: have === undefined ? [] : [304],
    max: SMALL_MAX,
  });
  return status === 304 ? 'unchanged' : bytes;
}

/** The signatures under the `.sig` tag; none where there is no such tag. */
export async function fetchTagged(repository: Repository, subject: string): Promise<Signature[]> {
  const path = `${pathOf(repository)}/manifests/${signatureTag(subject)}`;
  const { status, bytes } = await ask(repository.connection, { path, answers: [404], max: SMALL_MAX });
  const layers = status === 404 ? [] : listOf(jsonObject(bytes), 'layers').slice(0, SIGNATURES_MAX);
  const found: Signature[] = [];
  for (const layer of layers) {
    const descriptor = readDescriptor(layer);
    const signature = textOf(fieldOf(layer, 'annotations'), 'dev.cosignproject.cosign/signature');
    if (descriptor?.mediaType !== SIMPLE_SIGNING || signature === undefined) continue;
    const payload = await fetchSmall(repository, descriptor);
    if (payload !== undefined) found.push({ kind: 'simple-signing', payload, signature });
  }
  return found;
}

/** The Sigstore bundles that refer to a manifest. */
export async function fetchAttached(repository: Repository, subject: string): Promise<Signature[]> {
  const query = `artifactType=${encodeURIComponent(SIGSTORE_BUNDLE)}`;
  const path = `${pathOf(repository)}/referrers/${subject}?${query}`;
  const { status, bytes } = await ask(repository.connection, { path, answers: [404], max: SMALL_MAX });
  const listed = status === 404 ? [] : listOf(jsonObject(bytes), 'manifests').slice(0, SIGNATURES_MAX);
  const found: Signature[] = [];
  for (const one of listed) {
    const descriptor = readDescriptor(one);
    if (descriptor === undefined || textOf(one, 'artifactType') !== SIGSTORE_BUNDLE) continue;
    const manifest = await fetchSmall(repository, descriptor, 'manifests');
    const layer = manifest && readDescriptor(listOf(jsonObject(manifest), 'layers')[0]);
    const bundle = layer && (await fetchSmall(repository, layer));
    if (bundle !== undefined) found.push({ kind: 'sigstore-bundle', bundle });
  }
  return found;
}

/** The bytes of a layer, whatever they are: whoever reads them holds them against the manifest. */
export async function fetchLayer(repository: Repository, { digest: wanted, size }: Descriptor): Promise<Uint8Array> {
  return (await ask(repository.connection, { path: `${pathOf(repository)}/blobs/${wanted}`, max: size })).bytes;
}

/** Nothing where what comes is not what was named. */
async function fetchSmall(
  repository: Repository,
  { digest: wanted, size }: Descriptor,
  kind: 'blobs' | 'manifests' = 'blobs',
): Promise<Uint8Array | undefined> {
  if (size > SMALL_MAX) return undefined;
  const path = `${pathOf(repository)}/${kind}/${wanted}`;
  const { status, bytes } = await ask(repository.connection, { path, answers: [404], max: SMALL_MAX });
  return status !== 404 && digest(bytes) === wanted ? bytes : undefined;
}

function pathOf({ environment }: Repository): string {
  return `/v2/${repositoryOf(environment)}`;
}
