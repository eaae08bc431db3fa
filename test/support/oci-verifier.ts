import { createHash, createPublicKey, type KeyObject, verify } from 'node:crypto';
import { gunzipSync } from 'node:zlib';

/**
 * A second opinion on what is delivered, written from the published formats (OCI image and distribution, cosign's signature spec, DSSE, in-toto,
 * Sigstore bundle). It takes nothing from src/ (a test holds it to that): sharing code with what it judges it would share its mistakes.
 */

/** What a client may ask a registry for, within one repository. */
export interface Registry {
  manifest(reference: string): Promise<Uint8Array | undefined>;
  blob(digest: string): Promise<Uint8Array | undefined>;
  referrers(digest: string): Promise<Uint8Array | undefined>;
}

const TYPES = {
  manifest: 'application/vnd.oci.image.manifest.v1+json',
  index: 'application/vnd.oci.image.index.v1+json',
  config: 'application/vnd.oci.image.config.v1+json',
  simpleSigning: 'application/vnd.dev.cosign.simplesigning.v1+json',
  bundle: 'application/vnd.dev.sigstore.bundle.v0.3+json',
  inToto: 'application/vnd.in-toto+json',
};

/** The manifest and everything it points at: sizes, digests, and that the layer unpacks to what the config says. Gives the archive. */
export async function verifyImage(registry: Registry, digest: string): Promise<{ manifest: any; tar: Buffer }> {
  const manifest = parse(await fetchManifest(registry, digest));
  hold(manifest.schemaVersion === 2 && manifest.mediaType === TYPES.manifest, `${digest} is no image manifest`);
  const config = parse(await fetchDescribed(registry, manifest.config));
  hold(manifest.layers.length === 1, `it has ${manifest.layers.length} layers`);
  const tar = gunzipSync(await fetchDescribed(registry, manifest.layers[0]));
  const [diffId] = config.rootfs.diff_ids;
  hold(sha256(tar) === diffId, `the layer unpacks to ${sha256(tar)}, the config says ${diffId}`);
  return { manifest, tar };
}

/** The `.sig` form. Gives the payload that this key signed. */
export async function verifyTagged(registry: Registry, digest: string, key: string): Promise<any> {
  const tag = `${digest.replace(':', '-')}.sig`;
  const bytes = await registry.manifest(tag);
  hold(bytes !== undefined, `there is no ${tag}`);
  const manifest = parse(bytes!);
  hold(manifest.mediaType === TYPES.manifest && manifest.config.mediaType === TYPES.config, `${tag} is no image`);
  await fetchDescribed(registry, manifest.config);
  return firstThatHolds(manifest.layers, (layer) => verifyLayer(registry, layer, digest, publicKey(key)));
}

async function verifyLayer(registry: Registry, layer: any, digest: string, key: KeyObject): Promise<any> {
  hold(layer.mediaType === TYPES.simpleSigning, `a layer is ${layer.mediaType}`);
  const payload = await fetchDescribed(registry, layer);
  holdSignature(payload, layer.annotations['dev.cosignproject.cosign/signature'], key);
  const { critical, optional } = parse(payload);
  hold(critical.type === 'cosign container image signature', `the payload is a ${critical.type}`);
  const signed = critical.image['docker-manifest-digest'];
  hold(signed === digest, `the payload is about ${signed}, not ${digest}`);
  return { critical, optional };
}

/** The referrer form: one bundle that holds is enough. Gives the statement; of `predicateType` where one is asked for. */
export async function verifyAttached(
  registry: Registry,
  digest: string,
  key: string,
  predicateType?: string,
): Promise<any> {
  const index = parse((await registry.referrers(digest)) ?? Buffer.from('{"manifests":[]}'));
  const bundles = index.manifests.filter(({ artifactType }: any) => artifactType === TYPES.bundle);
  return firstThatHolds(bundles, (listed) => verifyReferrer(registry, listed, digest, publicKey(key), predicateType));
}

async function verifyReferrer(
  registry: Registry,
  listed: any,
  digest: string,
  key: KeyObject,
  predicateType: string | undefined,
): Promise<any> {
  const bytes = await fetchManifest(registry, listed.digest);
  hold(bytes.length === listed.size, `the referrer has ${bytes.length} bytes, the list says ${listed.size}`);
  const manifest = parse(bytes);
  hold(manifest.subject.digest === digest, `the referrer is about ${manifest.subject.digest}, not ${digest}`);
  hold(manifest.artifactType === listed.artifactType, `the referrer is ${manifest.artifactType}`);
  hold(JSON.stringify(manifest.annotations) === JSON.stringify(listed.annotations), 'the list has other annotations');
  await fetchDescribed(registry, manifest.config);
  const statement = verifyBundle(await fetchDescribed(registry, manifest.layers[0]), digest, key);
  const told = manifest.annotations['dev.sigstore.bundle.predicateType'];
  hold(told === statement.predicateType, `the referrer says ${told}, the statement ${statement.predicateType}`);
  const asked = predicateType ?? statement.predicateType;
  hold(statement.predicateType === asked, `the statement is a ${statement.predicateType}, not a ${asked}`);
  return statement;
}

function verifyBundle(bytes: Uint8Array, digest: string, key: KeyObject): any {
  const { mediaType, verificationMaterial, dsseEnvelope } = parse(bytes);
  hold(mediaType === TYPES.bundle, `the bundle is ${mediaType}`);
  const { payload, payloadType, signatures } = dsseEnvelope;
  hold(payloadType === TYPES.inToto, `the envelope holds ${payloadType}`);
  hold(signatures.length === 1, `the envelope has ${signatures.length} signatures`);
  const body = decode(payload);
  holdSignature(encodePae(payloadType, body), signatures[0].sig, key);
  const hint = createHash('sha256')
    .update(key.export({ type: 'spki', format: 'der' }))
    .digest('base64');
  hold(verificationMaterial.publicKey.hint === hint, `the key's name is ${hint}`);
  const statement = parse(body);
  hold(statement._type === 'https://in-toto.io/Statement/v1', `the statement is a ${statement._type}`);
  const subjects = statement.subject.map((subject: any) => `sha256:${subject.digest.sha256}`);
  hold(subjects.includes(digest), `the statement is about ${subjects.join(', ')}, not ${digest}`);
  return statement;
}

/** DSSE's PAE: "DSSEv1" SP LEN(type) SP type SP LEN(body) SP body, lengths in decimal bytes. */
function encodePae(type: string, body: Buffer): Buffer {
  const words = ['DSSEv1', String(Buffer.byteLength(type)), type, String(body.length), ''];
  return Buffer.concat([Buffer.from(words.join(' ')), body]);
}

function holdSignature(bytes: Uint8Array, signature: unknown, key: KeyObject): void {
  hold(verify('sha256', bytes, key, decode(signature)), 'the signature is not of this key over these bytes');
}

async function firstThatHolds(candidates: readonly any[], check: (candidate: any) => Promise<any>): Promise<any> {
  const reasons: string[] = [];
  for (const candidate of candidates) {
    try {
      return await check(candidate);
    } catch (error) {
      reasons.push((error as Error).message);
    }
  }
  throw new Error(reasons.length === 0 ? 'there is no signature' : [...new Set(reasons)].join('; '));
}

async function fetchManifest(registry: Registry, digest: string): Promise<Uint8Array> {
  return fetched(await registry.manifest(digest), digest);
}

async function fetchDescribed(registry: Registry, { digest, size }: any): Promise<Uint8Array> {
  const bytes = fetched(await registry.blob(digest), digest);
  hold(bytes.length === size, `${digest} has ${bytes.length} bytes, its descriptor says ${size}`);
  return bytes;
}

function fetched(bytes: Uint8Array | undefined, digest: string): Uint8Array {
  hold(bytes !== undefined, `${digest} is not there`);
  hold(sha256(bytes!) === digest, `what came for ${digest} is ${sha256(bytes!)}`);
  return bytes!;
}

function publicKey(pem: string): KeyObject {
  const key = createPublicKey(pem);
  const { asymmetricKeyType, asymmetricKeyDetails } = key;
  hold(asymmetricKeyType === 'ec' && asymmetricKeyDetails?.namedCurve === 'prime256v1', 'the key is not on P-256');
  return key;
}

function decode(text: unknown): Buffer {
  const bytes = Buffer.from(String(text), 'base64');
  hold(bytes.toString('base64') === text, 'this is not base64');
  return bytes;
}

function parse(bytes: Uint8Array): any {
  return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
}

function sha256(bytes: Uint8Array): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

function hold(holds: boolean, reason: string): void {
  if (!holds) throw new Error(reason);
}
