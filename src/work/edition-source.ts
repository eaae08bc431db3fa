import { promisify } from 'node:util';
import { gunzip as gunzipWith } from 'node:zlib';
import { SluiceError } from '../domain/errors.js';
import type { NetworkPolicy } from '../domain/kubernetes/network-policy.js';
import type { Snapshot } from '../domain/model/snapshot.js';
import { renderBundle } from '../domain/render/bundle.js';
import { policiesOfYaml } from '../domain/render/json-of-yaml.js';
import type { EditionBytes } from '../store/edition-bytes.js';
import { assembleSnapshot } from '../store/snapshot.rows.js';

const gunzip = promisify(gunzipWith);

/** Where an edition is read from: the working model of an environment, or the bytes that were stored of a version. */
export type EditionSource = { readonly kind: 'draft'; readonly environment: string } | VersionSource;

/** A version that was published, and how many flows it has. */
export interface VersionSource extends VersionBytes {
  readonly kind: 'version';
  readonly flows: number;
}

/** A version, and the digests of what editions are read from. */
export interface VersionBytes {
  readonly environment: string;
  readonly version: number;
  readonly digest: string;
  readonly blobs: { readonly snapshot: string; readonly yamlGzip: string };
}

/** What can be looked at of a version, or of the working model as it would be published now. */
export interface Edition {
  readonly environment: string;
  readonly version: number | 'draft';
  readonly digest: string;
  readonly snapshot: Snapshot;
  readonly policies: readonly NetworkPolicy[];
}

export async function readEdition(bytes: EditionBytes, source: EditionSource): Promise<Edition> {
  const { environment } = source;
  const snapshot = await readSnapshot(bytes, source);
  switch (source.kind) {
    case 'draft': {
      const { digest, policies } = renderBundle(snapshot);
      return { environment, version: 'draft', digest, snapshot, policies };
    }
    case 'version': {
      const { version, digest, blobs } = source;
      return { environment, version, digest, snapshot, policies: await readPolicies(bytes, blobs.yamlGzip) };
    }
  }
}

/** An edition without the snapshot behind it: of a version nothing is asked of the model. */
export async function readRendered(bytes: EditionBytes, source: EditionSource): Promise<Omit<Edition, 'snapshot'>> {
  if (source.kind === 'draft') return readEdition(bytes, source);
  const { environment, version, digest, blobs } = source;
  return { environment, version, digest, policies: await readPolicies(bytes, blobs.yamlGzip) };
}

/** The snapshot behind an edition. Refuses (not-found) the working model of an environment that does not exist. */
export async function readSnapshot(bytes: EditionBytes, source: EditionSource): Promise<Snapshot> {
  switch (source.kind) {
    case 'draft':
      return assembleSnapshot(await readRows(bytes, source.environment));
    case 'version':
      return jsonOf(await bytes.blob(source.blobs.snapshot)) as Snapshot;
  }
}

/** The rows of the working model. Refuses (not-found) an environment that does not exist. */
export async function readRows(bytes: EditionBytes, environment: string): Promise<string> {
  const rows = await bytes.snapshot(environment);
  if (rows === undefined) throw noEnvironment(environment);
  return rows;
}

/** The objects of a version, by the digest of its YAML as it is stored. */
export async function readPolicies(bytes: EditionBytes, yamlGzip: string): Promise<readonly NetworkPolicy[]> {
  return policiesOfYaml(await unpacked(bytes, yamlGzip));
}

/** The YAML of a version, by its digest as it is stored. */
export async function unpacked(bytes: EditionBytes, yamlGzip: string): Promise<Uint8Array> {
  return gunzip(await bytes.blob(yamlGzip));
}

export function noEnvironment(name: string): SluiceError {
  return new SluiceError('not-found', `environment ${JSON.stringify(name)} does not exist`);
}

function jsonOf(bytes: Uint8Array): unknown {
  return JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString());
}
