import { verify } from 'node:crypto';
import { IN_TOTO, SIGSTORE_BUNDLE } from '../oci/media-types.js';
import { preAuthenticationEncoding } from '../signing/dsse.js';
import { RELEASE } from '../signing/statement.js';
import { base64Of, fieldOf, jsonObject, listOf, textOf } from './json-fields.js';
import type { ReleaseManifest } from './manifest.js';
import type { ReleaseKey } from './public-key.js';

/** What stands for a manifest: either of the two forms in which releases are signed. */
export type Signature =
  /** cosign's older form: a payload that names the manifest, and a signature over it in base64 of DER. */
  | { readonly kind: 'simple-signing'; readonly payload: Uint8Array; readonly signature: string }
  /** A Sigstore bundle with a statement about the manifest. */
  | { readonly kind: 'sigstore-bundle'; readonly bundle: Uint8Array };

/** Whether a signature vouches for a manifest, by which of the keys, or why not. */
export type Vouched =
  { readonly kind: 'vouched'; readonly by: string } | { readonly kind: 'not'; readonly why: string };

/**
 * Asks one signature after the other: one that holds by one of the keys is enough, as keys change.
 * @example checkSignatures(manifest, signatures, keys) // { kind: 'vouched', by: '6oQNAGw...=' }
 */
export function checkSignatures(
  manifest: ReleaseManifest,
  signatures: readonly Signature[],
  keys: readonly ReleaseKey[],
): Vouched {
  const reasons = new Set<string>();
  for (const signature of signatures) {
    const vouched = checkSignature(manifest, signature, keys);
    if (vouched.kind === 'vouched') return vouched;
    reasons.add(vouched.why);
  }
  return not(reasons.size === 0 ? 'there is no signature' : [...reasons].join('; '));
}

function checkSignature(manifest: ReleaseManifest, signature: Signature, keys: readonly ReleaseKey[]): Vouched {
  switch (signature.kind) {
    case 'simple-signing':
      return checkPayload(manifest, signature.payload, signature.signature, keys);
    case 'sigstore-bundle':
      return checkBundle(manifest, signature.bundle, keys);
  }
}

function checkPayload(
  manifest: ReleaseManifest,
  payload: Uint8Array,
  signature: string,
  keys: readonly ReleaseKey[],
): Vouched {
  const signer = signerOf(payload, signature, keys);
  if (signer === undefined) return notOurs(keys);
  const json = jsonObject(payload);
  const critical = fieldOf(json, 'critical');
  if (textOf(critical, 'type') !== 'cosign container image signature') return not('the payload is none of a release');
  const named = textOf(fieldOf(critical, 'image'), 'docker-manifest-digest');
  if (named !== manifest.digest) return not(`the signature is about ${named ?? 'nothing'}, not ${manifest.digest}`);
  const told = {
    environment: manifest.environment,
    version: String(manifest.version),
    contentDigest: manifest.contentDigest,
  };
  for (const [key, value] of Object.entries(told)) {
    const said = fieldOf(fieldOf(json, 'optional'), key);
    if (said !== undefined && said !== value)
      return not(`the signature says ${key} ${JSON.stringify(said)}, the manifest ${value}`);
  }
  return { kind: 'vouched', by: signer };
}

/** A statement of another kind by the same key is no release, though others take it for one. */
function checkBundle(manifest: ReleaseManifest, bundle: Uint8Array, keys: readonly ReleaseKey[]): Vouched {
  const json = jsonObject(bundle);
  const envelope = fieldOf(json, 'dsseEnvelope');
  const statement = base64Of(textOf(envelope, 'payload'));
  const [first, second] = listOf(envelope, 'signatures');
  if (textOf(json, 'mediaType') !== SIGSTORE_BUNDLE || statement === undefined || second !== undefined)
    return not(`the bundle is no ${SIGSTORE_BUNDLE} with one signature`);
  if (textOf(envelope, 'payloadType') !== IN_TOTO) return not(`the bundle holds no ${IN_TOTO}`);
  const signer = signerOf(preAuthenticationEncoding(IN_TOTO, statement), textOf(first, 'sig'), keys);
  if (signer === undefined) return notOurs(keys);
  const said = jsonObject(statement);
  if (textOf(said, '_type') !== 'https://in-toto.io/Statement/v1') return not('the bundle holds no in-toto statement');
  const type = textOf(said, 'predicateType');
  if (type !== RELEASE) return not(`the statement is a ${type ?? 'nothing'}, which releases nothing`);
  const subjects = listOf(said, 'subject').map(
    (subject) => `sha256:${textOf(fieldOf(subject, 'digest'), 'sha256') ?? ''}`,
  );
  if (subjects.includes(manifest.digest)) return { kind: 'vouched', by: signer };
  return not(`the signature is about ${subjects.join(', ')}, not ${manifest.digest}`);
}

/** The key whose signature this is, over these bytes. */
function signerOf(bytes: Uint8Array, signature: string | undefined, keys: readonly ReleaseKey[]): string | undefined {
  const der = base64Of(signature);
  return der === undefined ? undefined : keys.find(({ key }) => verify('sha256', bytes, key, der))?.hint;
}

function notOurs(keys: readonly ReleaseKey[]): Vouched {
  const names = keys.map(({ hint }) => hint).join(', ');
  return not(`no signature is of ${keys.length === 1 ? 'the key' : 'one of the keys'} ${names}`);
}

function not(why: string): Vouched {
  return { kind: 'not', why };
}
