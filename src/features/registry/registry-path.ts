import { SluiceError } from '../../domain/errors.js';
import { environmentOf } from '../../domain/oci/tags.js';
import { repositoryName } from '../../domain/oci/grammar.js';

/** What is asked for in a repository. */
export interface RegistryPath {
  readonly repository: string;
  readonly environment: string;
  readonly kind: 'manifests' | 'blobs' | 'tags' | 'referrers';
  /** What stands last: a tag, a digest, or `list`. */
  readonly reference: string;
}

/** A repository name has slashes, so the last two segments are found from the end. Of tags there is nothing but the list. */
const PATH = /^\/v2\/(.+)\/(manifests|blobs|tags(?=\/list$)|referrers)\/([^/]+)$/;

/**
 * Reads a path of the registry. Refuses (not-found) what is no path of a registry, (malformed) a name that no repository has, and
 * (not-found) a repository that is not one of ours, with the codes of the specification.
 * https://github.com/opencontainers/distribution-spec/blob/main/spec.md#endpoints
 * @example readRegistryPath('/v2/sluice/prod/manifests/latest').environment // 'prod'
 */
export function readRegistryPath(path: string): RegistryPath {
  const [, repository = '', kind, reference = ''] = PATH.exec(path) ?? [];
  if (kind === undefined) throw registryError('not-found', 'UNSUPPORTED', 'there is no such path in a registry');
  const violation = repositoryName(repository);
  if (violation !== undefined) throw registryError('malformed', 'NAME_INVALID', violation.detail);
  const environment = environmentOf(repository);
  if (environment === undefined) throw unknownRepository(repository);
  return { repository, environment, kind: kind as RegistryPath['kind'], reference };
}

/** https://github.com/opencontainers/distribution-spec/blob/main/spec.md#error-codes */
export type RegistryErrorCode =
  | 'BLOB_UNKNOWN'
  | 'DIGEST_INVALID'
  | 'MANIFEST_UNKNOWN'
  | 'NAME_INVALID'
  | 'NAME_UNKNOWN'
  | 'PAGINATION_NUMBER_INVALID'
  | 'UNSUPPORTED';

/** A refusal that says which of the specification's codes it is. */
export function registryError(
  code: 'not-found' | 'malformed' | 'method-not-allowed',
  own: RegistryErrorCode,
  message: string,
): SluiceError {
  return new SluiceError(code, message, [{ pointer: '#', code: own, detail: message }]);
}

export function unknownRepository(repository: string): SluiceError {
  return registryError('not-found', 'NAME_UNKNOWN', `there is no repository ${JSON.stringify(repository)}`);
}
