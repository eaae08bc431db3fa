import { dnsLabel } from '../model/names.js';
import { tagName } from '../model/tag.js';

/** The repositories of this service: one an environment. */
const PREFIX = 'sluice/';
const VERSION = '([1-9][0-9]{0,8})';
const MEANINGS = [new RegExp(`^1\\.0\\.${VERSION}$`), new RegExp(`^v${VERSION}$`)];
const SIGNATURE = /^sha256-([0-9a-f]{64})\.sig$/;

/** Moves with every publish. */
export const LATEST = 'latest';

/** @example repositoryOf('prod') // 'sluice/prod' */
export function repositoryOf(environment: string): string {
  return `${PREFIX}${environment}`;
}

/** The environment of a repository; nothing where it is none of this service. Every DNS label is a part of a repository name. */
export function environmentOf(repository: string): string | undefined {
  if (!repository.startsWith(PREFIX)) return undefined;
  const environment = repository.slice(PREFIX.length);
  return dnsLabel(environment) === undefined ? environment : undefined;
}

/**
 * The semantic version of a bundle's version, for the ranges of Flux and Argo CD. Numbers only: a tag cannot hold build metadata.
 * @example semverOf(42) // '1.0.42'
 */
export function semverOf(version: number): string {
  return `1.0.${version}`;
}

/** @example versionTags(42) // ['1.0.42', 'v42'] */
export function versionTags(version: number): readonly [string, string] {
  return [semverOf(version), `v${version}`];
}

/**
 * Where cosign looks for the signatures of a manifest. It is asked for, never listed: clients that list tags fetch each of them.
 * @example signatureTag('sha256:44136f...') // 'sha256-44136f....sig'
 */
export function signatureTag(digest: string): string {
  return `${digest.replace(':', '-')}.sig`;
}

/** What a tag of this service stands for. */
export type TagMeaning =
  | { readonly kind: 'version'; readonly version: number }
  | { readonly kind: 'latest' }
  | { readonly kind: 'signature'; readonly digest: string }
  /** A tag of the environment, where it has one of that name: no such name means anything else here. */
  | { readonly kind: 'named'; readonly name: string };

/**
 * Reads a tag; gives nothing for one that this service does not make.
 * @example readTag('v042') // undefined: there is one spelling
 */
export function readTag(tag: string): TagMeaning | undefined {
  if (tag === LATEST) return { kind: 'latest' };
  const signed = SIGNATURE.exec(tag)?.[1];
  if (signed !== undefined) return { kind: 'signature', digest: `sha256:${signed}` };
  const version = MEANINGS.map((form) => form.exec(tag)?.[1]).find((number) => number !== undefined);
  if (version !== undefined) return { kind: 'version', version: Number(version) };
  return tagName(tag) === undefined ? { kind: 'named', name: tag } : undefined;
}

/** Whether a tag may stand for another manifest later. */
export function moves(tag: string): boolean {
  const kind = readTag(tag)?.kind;
  return kind === 'latest' || kind === 'named';
}
