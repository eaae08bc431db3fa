import { gunzipSync } from 'node:zlib';
import { compareText, SluiceError } from '../errors.js';
import { defaultPolicy } from '../kubernetes/defaulting.js';
import { formatField } from '../kubernetes/fields.js';
import { manifestsOfFiles } from '../kubernetes/manifest-objects.js';
import type { NetworkPolicy } from '../kubernetes/network-policy.js';
import { validatePolicy } from '../kubernetes/validate-policy.js';
import { carriesLabels } from '../plan/owned.js';
import { digest } from '../render/digest.js';
import type { TarFile } from '../render/tar.js';
import type { Read, ReleaseManifest } from './manifest.js';
import { untar } from './untar.js';

/** What a version brings: its files as they are unpacked, and the objects in them. */
export interface ReleaseContent {
  readonly files: readonly TarFile[];
  readonly policies: readonly NetworkPolicy[];
}

/** Of the archive when it is unpacked. */
const TAR_MAX = 1024 * 1024 * 1024;
const KUSTOMIZATION = 'kustomization.yaml';

/**
 * Unpacks a layer, and holds it against the manifest: size, digest, digest of the YAML stream, and that all in it are NetworkPolicies of this
 * environment, which whoever applies and prunes goes by.
 * @example readLayer(manifest, layer) // { kind: 'read', value: { files, policies } }
 */
export function readLayer(manifest: ReleaseManifest, layer: Uint8Array): Read<ReleaseContent> {
  const { size, digest: wanted } = manifest.layer;
  if (layer.length !== size) return wrong(`the layer has ${layer.length} bytes, the manifest says ${size}`);
  const found = digest(layer);
  if (found !== wanted) return wrong(`the layer is ${found}, the manifest says ${wanted}`);
  const tar = unpacked(layer);
  if (tar === undefined) return wrong(`the layer is no gzip, or unpacks to more than ${TAR_MAX} bytes`);
  const files = untar(tar);
  if (files.kind === 'unreadable') return wrong(`the archive cannot be read: ${files.why}`);
  return readFiles(manifest, files.value);
}

function readFiles(manifest: ReleaseManifest, files: readonly TarFile[]): Read<ReleaseContent> {
  const parts = files.filter(({ name }) => name !== KUSTOMIZATION);
  if (parts.length === files.length) return wrong(`the archive has no ${KUSTOMIZATION}`);
  const stream = [...parts].sort((a, b) => compareText(namespaceOf(a), namespaceOf(b)));
  const found = digest(...stream.map(({ content }) => content));
  if (found !== manifest.contentDigest)
    return wrong(`the content is ${found}, the manifest says ${manifest.contentDigest}`);
  const policies = readPolicies(stream);
  if (typeof policies === 'string') return wrong(policies);
  const stranger = policies.find(({ metadata }) => !carriesLabels(metadata, manifest.environment));
  if (stranger === undefined) return { kind: 'read', value: { files, policies } };
  const { namespace, name } = stranger.metadata;
  return wrong(`${namespace}/${name} does not carry the labels of environment ${manifest.environment}`);
}

/** As it is called in the archive (src/domain/render/tar.ts). */
function namespaceOf({ name }: TarFile): string {
  return name === 'kustomization_.yaml' ? 'kustomization' : name.replace(/\.yaml$/, '');
}

/** A text says what is wrong. */
function readPolicies(parts: readonly TarFile[]): readonly NetworkPolicy[] | string {
  const filled = parts.filter(({ content }) => content.length > 0);
  if (filled.length === 0) return [];
  const decoder = new TextDecoder();
  const files = filled.map(({ name, content }) => ({ name, text: decoder.decode(content) }));
  try {
    const { objects, strays } = manifestsOfFiles(files);
    const [stray] = strays;
    if (stray !== undefined) return `${stray.file ?? 'a file'} has ${stray.what}, which is no Kubernetes object`;
    for (const { apiVersion, kind, fields, file = '' } of objects) {
      if (apiVersion !== 'networking.k8s.io/v1' || kind !== 'NetworkPolicy')
        return `${file} has a ${kind} of ${apiVersion}`;
      const [violation] = validatePolicy({ apiVersion, kind, ...fields });
      if (violation !== undefined) return `${file}: ${formatField(violation.path)}: ${violation.detail}`;
    }
    return objects.map(({ fields }) => defaultPolicy(fields));
  } catch (error) {
    if (error instanceof SluiceError) return error.message;
    throw error;
  }
}

function unpacked(layer: Uint8Array): Uint8Array | undefined {
  try {
    return gunzipSync(layer, { maxOutputLength: TAR_MAX });
  } catch {
    return undefined;
  }
}

function wrong(why: string): { readonly kind: 'unreadable'; readonly why: string } {
  return { kind: 'unreadable', why };
}
