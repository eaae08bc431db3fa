import { lstatSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compareText, SluiceError } from '../../domain/errors.js';
import { inventoryOf } from '../../domain/plan/inventory.js';
import type { ReleaseManifest } from '../../domain/release/manifest.js';
import { compareFiles, type FoundFile, type Release, type VerifiedRelease } from '../../domain/release/release.js';
import type { Signature } from '../../domain/release/signature.js';
import { syncFolder, writeNew } from '../files/write-file.js';

/** The files of the archive, as `kubectl apply -k` takes them. */
export const MANIFESTS = 'manifests';
/** What verifying needs. */
const RELEASE = 'release';
const FILES = {
  manifest: 'manifest.json',
  layer: 'bundle.tar.gz',
  payload: 'payload.json',
  signatures: 'payload.sig',
  inventory: 'inventory.json',
  pulled: 'pulled.json',
} as const;
const SIGSTORE = /^bundle-\d+\.sigstore\.json$/;

/** Where a version came from, and when. */
export interface Pulled extends Omit<ReleaseManifest, 'layer'> {
  readonly url: string;
  readonly pulledAt: string;
}

/** Writes all of a version into a new folder, on the disk when this is over. */
export function writeVersion(folder: string, release: Release, verified: VerifiedRelease, pulled: Pulled): void {
  const inventory = inventoryOf(verified.manifest.environment, verified.policies);
  for (const path of [folder, join(folder, MANIFESTS), join(folder, RELEASE)]) mkdirSync(path, { recursive: true });
  for (const { name, content } of verified.files) writeNew(join(folder, MANIFESTS, name), content);
  const write = (name: string, bytes: Uint8Array | string) => writeNew(join(folder, RELEASE, name), bytes);
  write(FILES.manifest, release.manifest);
  write(FILES.layer, release.layer);
  writeSignatures(release.signatures, write);
  write(FILES.inventory, `${JSON.stringify(inventory)}\n`);
  write(FILES.pulled, `${JSON.stringify(pulled)}\n`);
  for (const path of [join(folder, MANIFESTS), join(folder, RELEASE), folder]) syncFolder(path);
}

/** A signature is a line of base64 over the bytes of the payload, so that also openssl can check it. */
function writeSignatures(
  signatures: readonly Signature[],
  write: (name: string, bytes: Uint8Array | string) => void,
): void {
  const simple = signatures.flatMap((one) => (one.kind === 'simple-signing' ? [one] : []));
  const [first] = simple;
  if (first !== undefined) {
    write(FILES.payload, first.payload);
    write(FILES.signatures, simple.map(({ signature }) => `${signature}\n`).join(''));
  }
  const bundles = signatures.flatMap((one) => (one.kind === 'sigstore-bundle' ? [one.bundle] : []));
  for (const [at, bundle] of bundles.entries()) write(`bundle-${at}.sigstore.json`, bundle);
}

/** Reads what was written, believing nothing of it. Refuses (malformed) a folder in which something is missing. */
export function readRelease(folder: string): Release {
  const read = (name: string) => readNeeded(join(folder, RELEASE, name));
  return { manifest: read(FILES.manifest), layer: read(FILES.layer), signatures: readSignatures(folder) };
}

export function readPulled(folder: string): Pulled | undefined {
  try {
    return JSON.parse(readFileSync(join(folder, RELEASE, FILES.pulled), 'utf8')) as Pulled;
  } catch {
    return undefined;
  }
}

/** The bytes of the manifest alone; nothing where there is none. */
export function readManifestFile(folder: string): Uint8Array | undefined {
  try {
    return readFileSync(join(folder, RELEASE, FILES.manifest));
  } catch {
    return undefined;
  }
}

/** What in the folder is not as the release says: a sentence each. */
export function strangeFiles(folder: string, { manifest, files, policies }: VerifiedRelease): string[] {
  const inventory = `${JSON.stringify(inventoryOf(manifest.environment, policies))}\n`;
  const written = readOptional(join(folder, RELEASE, FILES.inventory));
  const same = written !== undefined && Buffer.from(inventory).equals(written);
  return [
    ...compareFiles(files, filesIn(join(folder, MANIFESTS))).map((text) => `${MANIFESTS}/${text}`),
    ...(same ? [] : [`${RELEASE}/${FILES.inventory} is not the inventory of these objects`]),
  ];
}

function readSignatures(folder: string): Signature[] {
  const payload = readOptional(join(folder, RELEASE, FILES.payload));
  const lines = readOptional(join(folder, RELEASE, FILES.signatures))
    ?.toString('utf8')
    .split('\n')
    .filter(Boolean);
  const simple =
    payload === undefined
      ? []
      : (lines ?? []).map((signature) => ({ kind: 'simple-signing' as const, payload, signature }));
  const bundles = namesIn(join(folder, RELEASE))
    .filter((name) => SIGSTORE.test(name))
    .sort(compareText);
  const attached = bundles.map((name) => ({
    kind: 'sigstore-bundle' as const,
    bundle: readNeeded(join(folder, RELEASE, name)),
  }));
  return [...simple, ...attached];
}

function filesIn(folder: string): FoundFile[] {
  return namesIn(folder).map((name) => {
    const isFile = lstatSync(join(folder, name)).isFile();
    return { name, content: isFile ? readNeeded(join(folder, name)) : 'no file' };
  });
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function readNeeded(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new SluiceError(
      'malformed',
      `${path} cannot be read (${(error as NodeJS.ErrnoException).code ?? ''}): is this what sluice pull made?`,
    );
  }
}

function readOptional(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch {
    return undefined;
  }
}
