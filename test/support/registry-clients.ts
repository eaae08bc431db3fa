import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { type Registry, verifyAttached, verifyTagged } from './oci-verifier.js';
import { type Answer, ask, basic } from './wire.js';

/**
 * What each client of a registry asks for and holds answers to, each by its own rules as its code has them: where one is content with less than another,
 * a server that gives less still breaks the other. Like the verifier, this takes nothing from src/.
 */

/** What is pulled, and from where. */
export interface Pull {
  readonly url: string;
  readonly repository: string;
  readonly tag: string;
  readonly token: string;
  /** The public key of releases, for clients that verify. */
  readonly key: string;
}

export interface Pulled {
  readonly digest: string;
  /** How the tag became a digest. */
  readonly resolvedBy: 'HEAD' | 'GET';
}

export type Client = (pull: Pull) => Promise<Pulled>;

const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
const CONFIG = 'application/vnd.oci.image.config.v1+json';
const MANIFESTS = [
  'application/vnd.docker.distribution.manifest.v2+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  MANIFEST,
  'application/vnd.oci.image.index.v1+json',
];

/** A repository as all of them see it. */
function repositoryOf({ url, repository, token }: Pull) {
  const headers = { authorization: basic(token), accept: MANIFESTS.join(', '), 'accept-encoding': 'gzip' };
  const send = async (method: 'GET' | 'HEAD', path: string): Promise<Answer> =>
    unzipped(await ask(url, `/v2/${repository}/${path}`, { method, headers }));
  const demand = async (method: 'GET' | 'HEAD', path: string): Promise<Answer> => {
    const answer = await send(method, path);
    if (answer.status !== 200)
      throw new Error(`${method} ${path}: ${answer.status === 404 ? 'not found' : answer.status}`);
    return answer;
  };
  const blob = async ({ digest, size }: any): Promise<Buffer> => {
    const { bytes } = await demand('GET', `blobs/${digest}`);
    hold(bytes.length === size, `blob ${digest}: ${bytes.length} bytes, not ${size}`);
    hold(sha256(bytes) === digest, `blob ${digest}: its digest is ${sha256(bytes)}`);
    return bytes;
  };
  return { send, demand, blob };
}

/** `oras pull`: GET by tag. What is not called a manifest is a blob, which points at nothing. Files are layers with a title. */
const oras: Client = async (pull) => {
  const { demand, blob } = repositoryOf(pull);
  const answer = await demand('GET', `manifests/${pull.tag}`);
  const digest = answer.headers['docker-content-digest']?.toString() ?? sha256(answer.bytes);
  hold(MANIFESTS.includes(typeOf(answer)), `${typeOf(answer)} is no manifest: no layer found`);
  hold(sha256(answer.bytes) === digest, `manifest ${digest}: its digest is ${sha256(answer.bytes)}`);
  const manifest = parse(answer);
  const titled = manifest.layers.filter((layer: any) => layer.annotations?.['org.opencontainers.image.title']);
  hold(titled.length > 0, 'no layer has a title: nothing to write');
  for (const described of [manifest.config, ...manifest.layers]) await blob(described);
  return { digest, resolvedBy: 'GET' };
};

/** `crane validate`: GET by tag, whatever its type is called; everything hashed again, the unpacked layers too. */
const crane: Client = async (pull) => {
  const { demand, blob } = repositoryOf(pull);
  const answer = await demand('GET', `manifests/${pull.tag}`);
  const manifest = parse(answer);
  const config = JSON.parse((await blob(manifest.config)).toString());
  hold(config.rootfs.diff_ids.length === manifest.layers.length, 'the config has not as many layers as the manifest');
  for (const [at, layer] of manifest.layers.entries()) {
    const unpacked = sha256(gunzipSync(await blob(layer)));
    hold(unpacked === config.rootfs.diff_ids[at], `layer ${at} unpacks to ${unpacked}`);
  }
  return { digest: sha256(answer.bytes), resolvedBy: 'GET' };
};

/** `skopeo copy` and `inspect` (1.9): GET by tag. What is called plain JSON is taken for a manifest of schema version 1. */
const skopeo: Client = async (pull) => {
  const { demand, blob } = repositoryOf(pull);
  const answer = await demand('GET', `manifests/${pull.tag}`);
  const manifest = parse(answer);
  if (typeOf(answer) === 'application/json')
    hold(manifest.schemaVersion === 1, `unsupported schema version ${manifest.schemaVersion}`);
  hold(manifest.config.mediaType === CONFIG, 'unsupported image-specific operation on artifact');
  for (const described of [manifest.config, ...manifest.layers]) await blob(described);
  return { digest: sha256(answer.bytes), resolvedBy: 'GET' };
};

/** Flux's source-controller: HEAD, where that fails GET; signatures; the first layer, unpacked by the rules of its tar reader. */
const flux: Client = async (pull) => {
  const { send, demand, blob } = repositoryOf(pull);
  const { status, headers } = await send('HEAD', `manifests/${pull.tag}`);
  const told = status === 200 && headers['content-length'] ? headers['docker-content-digest']?.toString() : undefined;
  const digest = told ?? sha256((await demand('GET', `manifests/${pull.tag}`)).bytes);
  await verifySignatures(pull, digest);
  const answer = await demand('GET', `manifests/${digest}`);
  hold(sha256(answer.bytes) === digest, `manifest ${digest}: its digest is ${sha256(answer.bytes)}`);
  holdKubernetesFiles(entriesOf(gunzipSync(await blob(parse(answer).layers[0]))));
  return { digest, resolvedBy: told === undefined ? 'GET' : 'HEAD' };
};

/** Argo CD's repo-server (oras-go): HEAD, which must say everything; exactly one content layer of an allowed type; the whole graph is copied. */
const argo: Client = async (pull) => {
  const { demand, blob } = repositoryOf(pull);
  const head = await demand('HEAD', `manifests/${pull.tag}`);
  const digest = head.headers['docker-content-digest']?.toString();
  hold(digest !== undefined, 'HEAD has no Docker-Content-Digest');
  hold(head.headers['content-length'] !== undefined, 'HEAD has no Content-Length');
  hold(MANIFESTS.includes(typeOf(head)), `${typeOf(head)} is no manifest: no layer found`);
  const answer = await demand('GET', `manifests/${digest}`);
  hold(answer.bytes.length === Number(head.headers['content-length']), 'HEAD told another Content-Length');
  hold(sha256(answer.bytes) === digest, `manifest ${digest}: its digest is ${sha256(answer.bytes)}`);
  const manifest = parse(answer);
  const content = manifest.layers.filter(({ mediaType }: any) => /(tar|tar\+gzip|tar\.gzip)$/.test(mediaType));
  hold(manifest.layers.length <= 10 && content.length === 1, `${content.length} content layers`);
  hold(ARGO_LAYERS.includes(content[0].mediaType), `layer media type ${content[0].mediaType} is not allowed`);
  await blob(manifest.config);
  const names = entriesOf(gunzipSync(await blob(content[0]))).map(({ name }) => name);
  hold(
    names.includes('kustomization.yaml') && names.every((name) => !name.includes('/')),
    'not all files are at the root',
  );
  return { digest: digest!, resolvedBy: 'HEAD' };
};

const ARGO_LAYERS = [
  'application/vnd.oci.image.layer.v1.tar',
  'application/vnd.oci.image.layer.v1.tar+gzip',
  'application/vnd.cncf.helm.chart.content.v1.tar+gzip',
];

/** `cosign verify --key`: GET by tag for the digest, then what signs it. It never sees a layer. */
const cosign: Client = async (pull) => {
  const { demand } = repositoryOf(pull);
  const digest = sha256((await demand('GET', `manifests/${pull.tag}`)).bytes);
  await verifySignatures(pull, digest);
  return { digest, resolvedBy: 'GET' };
};

/** Sigstore bundles first; only where there is none, the older form. */
async function verifySignatures(pull: Pull, digest: string): Promise<void> {
  const { send } = repositoryOf(pull);
  const found = async (path: string): Promise<Buffer | undefined> => {
    const { status, bytes } = await send('GET', path);
    return status === 200 ? bytes : undefined;
  };
  const registry: Registry = {
    manifest: (reference) => found(`manifests/${reference}`),
    blob: (wanted) => found(`blobs/${wanted}`),
    referrers: (subject) => found(`referrers/${subject}`),
  };
  const index = await registry.referrers(digest);
  const attached = index !== undefined && JSON.parse(index.toString()).manifests.length > 0;
  await (attached ? verifyAttached : verifyTagged)(registry, digest, pull.key);
}

export const CLIENTS = { oras, crane, skopeo, flux, argo, cosign } as const;
export type ClientName = keyof typeof CLIENTS;

interface Entry {
  readonly name: string;
  readonly type: string;
  readonly content: Buffer;
}

/** Every entry of an archive, of whatever type. */
function entriesOf(tar: Buffer): Entry[] {
  const entries: Entry[] = [];
  for (let at = 0; at + 512 <= tar.length && tar[at] !== 0;) {
    const text = (from: number, length: number) =>
      tar.toString('latin1', at + from, at + from + length).replace(/\0.*$/s, '');
    const size = parseInt(text(124, 12), 8);
    entries.push({ name: text(0, 100), type: text(156, 1), content: tar.subarray(at + 512, at + 512 + size) });
    at += 512 + Math.ceil(size / 512) * 512;
  }
  return entries;
}

/** Flux's tar reader, then its kustomize-controller, which without a kustomization.yaml would take every YAML file for an object. */
function holdKubernetesFiles(entries: readonly Entry[]): void {
  for (const { name, type } of entries) {
    hold(!/(^\/|\\|(^|\/)\.\.(\/|$))/.test(name), `tar contained invalid name error ${JSON.stringify(name)}`);
    hold(/^[05]?$/.test(type), `tar file entry ${name} contained unsupported file type ${type}`);
  }
  const root = entries.find(({ name }) => name === 'kustomization.yaml');
  hold(root !== undefined, 'there is no kustomization.yaml');
  const listed = [...root!.content.toString().matchAll(/^ *- (\S+\.yaml)$/gm)].map(([, name]) => name);
  const others = entries
    .filter((entry) => entry !== root && /\.(ya?ml|json)$/.test(entry.name))
    .map(({ name }) => name);
  hold(listed.toString() === others.toString(), `it lists ${listed.toString()}, there are ${others.toString()}`);
}

/** The media type as Go's mime.ParseMediaType gives it: parameters do not count. */
function typeOf({ headers }: Answer): string {
  return (headers['content-type'] ?? '').split(';')[0]!.trim().toLowerCase();
}

/** As Go's http client takes the coding away that it asked for. */
function unzipped(answer: Answer): Answer {
  if (answer.headers['content-encoding'] !== 'gzip' || answer.bytes.length === 0) return answer;
  return { ...answer, bytes: gunzipSync(answer.bytes) };
}

function parse({ bytes }: Answer): any {
  return JSON.parse(bytes.toString());
}

function sha256(bytes: Uint8Array): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

function hold(holds: boolean, reason: string): void {
  if (!holds) throw new Error(reason);
}
