import { type Content, jsonContent } from '../oci/content.js';
import { IN_TOTO } from '../oci/media-types.js';
import type { Subject } from './subject.js';

/** What `cosign sign` states: that whoever signs stands for this manifest, and no more. */
export const RELEASE = 'https://sigstore.dev/cosign/sign/v1';

/**
 * An in-toto statement: `predicate` is said of the subject.
 * https://github.com/in-toto/attestation/blob/main/spec/v1/statement.md
 * @example statement(subject, RELEASE, {})
 */
export function statement(subject: Subject, predicateType: string, predicate: object): Content {
  return jsonContent(IN_TOTO, {
    _type: 'https://in-toto.io/Statement/v1',
    subject: [{ name: subject.repository, digest: { sha256: subject.digest.slice('sha256:'.length) } }],
    predicateType,
    predicate,
  });
}
