import { SluiceError } from '../../domain/errors.js';
import { dnsLabel, quote } from '../../domain/model/names.js';
import { readTag } from '../../domain/oci/tags.js';
import type { Wanted } from '../../domain/release/advance.js';
import { askJson, type Connection } from './ask.js';

/** What a word as `prod@7` means. */
export interface EnvironmentRef {
  readonly environment: string;
  /** Behind the `@`; `latest` where there is none. */
  readonly version: string;
}

/** Refuses (malformed) what is no name of an environment, before any server is asked. */
export function readEnvironmentRef(word: string): EnvironmentRef {
  const [environment = '', version = 'latest'] = word.split(/@(.*)/s, 2);
  return { environment: environmentName(environment), version };
}

export function environmentName(word: string): string {
  if (dnsLabel(word) === undefined) return word;
  throw new SluiceError('malformed', `${quote(word)} is no name of an environment`);
}

/** The path of an environment. */
export function pathOf(environment: string): string {
  return `/v1/environments/${environment}`;
}

/** A number as it is, `latest`, or the version that a tag marks at this moment. Refuses (not-found) a tag that there is not. */
export async function wantedVersion(connection: Connection, { environment, version }: EnvironmentRef): Promise<Wanted> {
  if (version === 'latest') return { kind: 'latest' };
  if (/^[1-9]\d{0,8}$/.test(version)) return { kind: 'version', version: Number(version) };
  const meaning = readTag(version);
  if (meaning?.kind === 'version') return meaning;
  const path = `${pathOf(environment)}/tags/${encodeURIComponent(version)}`;
  return { kind: 'version', version: (await askJson<{ version: number }>(connection, { path })).version };
}

/** A version as paths have it: `draft`, `latest` or a number; a tag by what it marks. */
export async function versionWord(connection: Connection, ref: EnvironmentRef): Promise<string> {
  if (ref.version === 'draft') return ref.version;
  const wanted = await wantedVersion(connection, ref);
  return wanted.kind === 'latest' ? 'latest' : String(wanted.version);
}
