import { quote } from '../model/names.js';
import type { Violation } from '../model/violation.js';

/** With the name of the host before it, clients keep no more. */
const REPOSITORY_MAX = 200;
const REPOSITORY = /^[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(\/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*$/;
const TAG = /^[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}$/;
const DIGEST = /^sha256:[0-9a-f]{64}$/;

/**
 * A repository name: lower-case parts joined by `/`, each of letters and digits with single `.`, `_`, `__` or dashes between. So no part
 * is `..` or empty. https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pulling-manifests
 * @example repositoryName('sluice/../prod') // { code: 'oci-repository', detail: '"sluice/../prod" is not a repository name: ...' }
 */
export function repositoryName(text: string): Violation | undefined {
  if (text.length <= REPOSITORY_MAX && REPOSITORY.test(text)) return undefined;
  return {
    code: 'oci-repository',
    detail: `${quote(text)} is not a repository name: use at most ${REPOSITORY_MAX} characters, in parts of lower-case letters and digits, joined by '/', with '.', '_' or '-' inside a part`,
  };
}

/**
 * A tag: 1 to 128 of `a-z A-Z 0-9 _ . -`, not starting with a dot or a dash. It cannot hold the `+` of semantic versions.
 * @example tagName('1.0.42') // undefined
 */
export function tagName(text: string): Violation | undefined {
  if (TAG.test(text)) return undefined;
  return {
    code: 'oci-tag',
    detail: `${quote(text)} is not a tag: use 1 to 128 letters, digits, '_', '.' and '-', starting with a letter, a digit or '_'`,
  };
}

/**
 * A digest of the one algorithm that is used here.
 * @example digestText('sha512:00') // { code: 'oci-digest', detail: '"sha512:00" is not a digest: use sha256: and 64 ...' }
 */
export function digestText(text: string): Violation | undefined {
  if (DIGEST.test(text)) return undefined;
  return {
    code: 'oci-digest',
    detail: `${quote(text)} is not a digest: use sha256: and 64 lower-case hexadecimal digits`,
  };
}

/** What stands behind `/manifests/`: a colon is in every digest and in no tag. */
export type Reference =
  { readonly kind: 'digest'; readonly digest: string } | { readonly kind: 'tag'; readonly tag: string };

/**
 * Reads a reference; gives the violation of what it seems to be where it is neither.
 * @example readReference('latest') // { kind: 'tag', tag: 'latest' }
 */
export function readReference(text: string): Reference | { readonly kind: 'wrong'; readonly violation: Violation } {
  const seemsDigest = text.includes(':');
  const violation = seemsDigest ? digestText(text) : tagName(text);
  if (violation !== undefined) return { kind: 'wrong', violation };
  return seemsDigest ? { kind: 'digest', digest: text } : { kind: 'tag', tag: text };
}
