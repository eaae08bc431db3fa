import { SluiceError } from '../../domain/errors.js';
import { objectionTo, type Wanted } from '../../domain/release/advance.js';
import { readLayer } from '../../domain/release/content.js';
import { LAYER_MAX, type Read, readManifest } from '../../domain/release/manifest.js';
import type { ReleaseKey } from '../../domain/release/public-key.js';
import { readSigned, type Release, type SignedManifest, verifyRelease } from '../../domain/release/release.js';
import type { Signature } from '../../domain/release/signature.js';
import type { ExitCode, Io } from '../command.js';
import type { Progress } from '../output.js';
import { currentIn, install, knownOf, removeLeftOvers, versionsIn } from './bundle-folder.js';
import { fetchAttached, fetchLayer, fetchManifest, fetchTagged, type Repository } from './registry.js';
import { type Pulled, readPulled, readRelease, strangeFiles, writeVersion } from './version-folder.js';

export interface PullOrder {
  readonly repository: Repository;
  /** Asks the server where a tag is named. */
  readonly wanted: () => Promise<Wanted>;
  readonly out: string;
  readonly keys: readonly ReleaseKey[];
  readonly older: 'refused' | 'allowed';
  readonly progress: Progress;
}

/** What a pull came to. Where it is `kept`, nothing was changed: what was verified last, if anything, is still there. */
export type Pull =
  | { readonly kind: 'pulled' | 'unchanged'; readonly folder: string; readonly pulled: Pulled }
  | {
      readonly kind: 'kept';
      readonly code: Exclude<ExitCode, 0>;
      readonly why: string;
      readonly folder?: string;
      readonly pulled?: Pulled;
    };

/** Nothing is written before all of it is verified, and what is there stays until all of the new version is. */
export async function pullVersion(order: PullOrder, io: Io): Promise<Pull> {
  const { out, progress } = order;
  removeLeftOvers(out, io.now());
  const current = currentIn(out);
  try {
    const fetched = await fetchVerified(order, current);
    if (typeof fetched === 'string') return keptBecause(1, fetched, out);
    return fetched === undefined ? unchanged(current) : put(order, fetched, io);
  } catch (error) {
    if (!(error instanceof SluiceError)) throw error;
    return keptBecause(2, [error.message, ...error.problems.map(({ detail }) => detail)].join('; '), out);
  } finally {
    progress.end();
  }
}

interface Fetched {
  readonly wanted: Wanted;
  readonly release: Release;
  readonly before: readonly string[];
}

/** A release that holds; nothing where the one that is there is it; a text where what was given is refused. */
async function fetchVerified(order: PullOrder, current: string | undefined): Promise<Fetched | undefined | string> {
  const { repository, out, keys, older, progress } = order;
  const before = versionsIn(out);
  progress.say(`${repository.environment}: asking ${repository.connection.url}`);
  const wanted = await order.wanted();
  const tag = wanted.kind === 'latest' ? 'latest' : `v${wanted.version}`;
  const manifest = await fetchManifest(repository, tag, digestOfWhole(current, keys));
  if (manifest === 'unchanged') return undefined;
  const signed = await signedBy(repository, manifest, keys);
  if (signed.read.kind === 'unreadable') return signed.read.why;
  const known = knownOf(out, before);
  const objection = objectionTo(signed.read.value, { environment: repository.environment, wanted, known, older });
  if (objection !== undefined) return objection;
  progress.say(
    `${repository.environment}: version ${signed.read.value.version}, ${signed.read.value.layer.size} bytes`,
  );
  const layer = await layerOf(repository, signed.read.value);
  const content = layer === undefined ? undefined : readLayer(signed.read.value, layer);
  if (layer === undefined || content === undefined) return 'the layer is larger than the manifest says';
  if (content.kind === 'unreadable') return content.why;
  return { wanted, release: { manifest, layer, signatures: signed.signatures }, before };
}

/** Its digest, where all that is current verifies by these keys: then it need not be fetched again. */
function digestOfWhole(current: string | undefined, keys: readonly ReleaseKey[]): string | undefined {
  if (current === undefined || !isWhole(current, keys)) return undefined;
  return readPulled(current)?.digest;
}

function isWhole(folder: string, keys: readonly ReleaseKey[]): boolean {
  try {
    const verified = verifyRelease(readRelease(folder), keys);
    if (verified.kind === 'unreadable' || strangeFiles(folder, verified.value).length > 0) return false;
    return readPulled(folder)?.digest === verified.value.manifest.digest;
  } catch (error) {
    if (error instanceof SluiceError) return false;
    throw error;
  }
}

/** By the older form of signatures, or else by the newer one. */
async function signedBy(
  repository: Repository,
  manifest: Uint8Array,
  keys: readonly ReleaseKey[],
): Promise<{ readonly read: Read<SignedManifest>; readonly signatures: readonly Signature[] }> {
  const plain = readManifest(manifest);
  if (plain.kind === 'unreadable') return { read: readSigned(manifest, [], keys), signatures: [] };
  const tagged = await fetchTagged(repository, plain.value.digest);
  const first = readSigned(manifest, tagged, keys);
  if (first.kind === 'read') return { read: first, signatures: tagged };
  const all = [...tagged, ...(await fetchAttached(repository, plain.value.digest))];
  return { read: readSigned(manifest, all, keys), signatures: all };
}

async function layerOf(repository: Repository, { layer }: SignedManifest): Promise<Uint8Array | undefined> {
  if (layer.size > LAYER_MAX) return undefined;
  try {
    return await fetchLayer(repository, layer);
  } catch (error) {
    if (error instanceof SluiceError && error.code === 'payload-too-large') return undefined;
    throw error;
  }
}

function put({ repository, out, keys }: PullOrder, { wanted, release, before }: Fetched, io: Io): Pull {
  const verified = verifyRelease(release, keys);
  if (verified.kind === 'unreadable') return keptBecause(1, verified.why, out);
  const { layer: _layer, signedBy: _signedBy, ...manifest } = verified.value.manifest;
  const pulled: Pulled = { ...manifest, url: repository.connection.url, pulledAt: io.now().toISOString() };
  const folder = install({
    ...{ out, version: manifest.version, digest: manifest.digest, before },
    newer: wanted.kind === 'latest' ? 'wins' : 'yields',
    write: (fresh) => writeVersion(fresh, release, verified.value, pulled),
    isWhole: (there) => isWhole(there, keys),
  });
  return { kind: 'pulled', folder, pulled: readPulled(folder) ?? pulled };
}

function unchanged(current: string | undefined): Pull {
  const pulled = current === undefined ? undefined : readPulled(current);
  if (current === undefined || pulled === undefined)
    return { kind: 'kept', code: 2, why: 'what is current was removed meanwhile' };
  return { kind: 'unchanged', folder: current, pulled };
}

function keptBecause(code: Exclude<ExitCode, 0>, why: string, out: string): Pull {
  const folder = currentIn(out);
  const pulled = folder === undefined ? undefined : readPulled(folder);
  return { kind: 'kept', code, why, ...(folder === undefined || pulled === undefined ? {} : { folder, pulled }) };
}
