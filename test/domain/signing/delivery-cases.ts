import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { bundleImage } from '../../../src/domain/oci/bundle-image.js';
import { type Content, descriptorOf, EMPTY_CONFIG } from '../../../src/domain/oci/content.js';
import { LAYER } from '../../../src/domain/oci/media-types.js';
import { referrersIndex } from '../../../src/domain/oci/referrers.js';
import { digest } from '../../../src/domain/render/digest.js';
import type { Publication } from '../../../src/domain/signing/publication.js';
import { attestPublication, signRelease } from '../../../src/domain/signing/sign.js';
import type { Signer } from '../../../src/domain/signing/signer.js';
import { fixedKey } from '../../support/fixed-keys.js';

const FOLDER = 'test/cases/oci';
export const REWRITE = process.env['GOLDEN'] === 'write';

/** What a case says: its keys by name, and how the version came to be. */
interface CaseInput {
  readonly repository: string;
  readonly source?: string;
  readonly releaseKeys: readonly string[];
  readonly attestationKeys: readonly string[];
  readonly publication: Publication;
}

/** A version as a registry would hold it. */
export interface Delivery {
  readonly name: string;
  readonly folder: string;
  readonly input: CaseInput;
  /** Of the bundle's manifest. */
  readonly digest: string;
  readonly tag: string;
  /** All JSON of it, by the name of its golden file. */
  readonly parts: ReadonlyMap<string, Content>;
  /** By digest; the signatures also by tag. */
  readonly manifests: ReadonlyMap<string, Uint8Array>;
  readonly blobs: ReadonlyMap<string, Uint8Array>;
  readonly referrers: Uint8Array;
}

/** The cases of test/cases/oci: a folder each, called by its situation. */
export function deliveryCases(): string[] {
  return readdirSync(FOLDER);
}

/** Delivers a case, signed with fixed keys; the signatures are kept with the case, as ECDSA makes others each time. */
export function deliver(name: string): Delivery {
  const folder = join(FOLDER, name);
  const input = JSON.parse(readFileSync(join(folder, 'input.json'), 'utf8')) as CaseInput;
  const { publication, repository, source } = input;
  const { environment, version, contentDigest, origin, publishedAt: createdAt } = publication;
  const tar = Buffer.from(`the archive of ${environment} ${version}`);
  const layer: Content = { mediaType: LAYER, digest: digest(stored(tar)), bytes: stored(tar) };
  const facts = {
    environment,
    version,
    createdAt,
    contentDigest,
    origin,
    layer: descriptorOf(layer),
    tarDigest: digest(tar),
  };
  const image = bundleImage({ ...facts, ...(source === undefined ? {} : { source }) });
  const subject = { ...descriptorOf(image.manifest), repository };
  const signers = (keys: readonly string[]) => keys.map((key) => keeping(join(folder, 'signatures.json'), key));
  const signed = signRelease(subject, publication, signers(input.releaseKeys), createdAt);
  const attested = attestPublication(subject, publication, signers(input.attestationKeys));
  const attached = [...signed.attached, ...attested];
  const referrers = referrersIndex(attached.map(({ referrer }) => referrer));
  const manifests = [image.manifest, signed.tagged.manifest, ...attached.map(({ manifest }) => manifest)];
  const blobs = [layer, image.config, ...signed.blobs, ...attested.map(({ bundle }) => bundle)];
  const [payload = EMPTY_CONFIG, signatureConfig = EMPTY_CONFIG] = signed.blobs;
  const parts: [string, Content][] = [
    ['manifest', image.manifest],
    ['config', image.config],
    ['signature-payload', payload],
    ['signature-config', signatureConfig],
    ['signature-manifest', signed.tagged.manifest],
    ...attached.flatMap(({ manifest, bundle }, n): [string, Content][] => [
      [`bundle-${n + 1}`, bundle],
      [`bundle-${n + 1}-manifest`, manifest],
      [`bundle-${n + 1}-statement`, statementOf(bundle)],
    ]),
    ['referrers', referrers],
  ];
  return {
    ...{ name, folder, input, digest: image.manifest.digest, tag: signed.tagged.tag, parts: new Map(parts) },
    manifests: new Map([[signed.tagged.tag, signed.tagged.manifest.bytes], ...manifests.map(named)]),
    blobs: new Map(blobs.map(named)),
    referrers: referrers.bytes,
  };
}

function named({ digest: name, bytes }: Content): [string, Uint8Array] {
  return [name, bytes];
}

function statementOf(bundle: Content): Content {
  const { payload, payloadType } = JSON.parse(Buffer.from(bundle.bytes).toString()).dsseEnvelope;
  const bytes = Buffer.from(payload, 'base64');
  return { mediaType: payloadType, digest: digest(bytes), bytes };
}

/** One gzip member with nothing compressed: the same bytes whatever zlib is there. */
function stored(bytes: Buffer): Buffer {
  const head = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff, 1, 0, 0, 0, 0]);
  head.writeUInt16LE(bytes.length, 11);
  head.writeUInt16LE(0xffff - bytes.length, 13);
  const tail = Buffer.alloc(8);
  tail.writeUInt32LE(crc32(bytes), 0);
  tail.writeUInt32LE(bytes.length, 4);
  return Buffer.concat([head, bytes, tail]);
}

/** A signer that gives what it gave before; new signatures only when expectations are rewritten. */
function keeping(file: string, name: string): Signer {
  const { signer } = fixedKey(name);
  const sign = (bytes: Uint8Array): Uint8Array => {
    const kept = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>) : {};
    const about = `${name} ${createHash('sha256').update(bytes).digest('hex')}`;
    if (kept[about] === undefined) {
      if (!REWRITE) throw new Error(`${file} has no signature of ${about}: GOLDEN=write makes one, for you to read`);
      kept[about] = Buffer.from(signer.sign(bytes)).toString('base64');
      writeFileSync(file, `${JSON.stringify(kept, undefined, 2)}\n`);
    }
    return Buffer.from(kept[about] ?? '', 'base64');
  };
  return { hint: signer.hint, sign };
}
