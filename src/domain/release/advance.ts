import type { ReleaseManifest } from './manifest.js';

/** The version that was asked for: a number, or the newest there is. */
export type Wanted = { readonly kind: 'latest' } | { readonly kind: 'version'; readonly version: number };

/** What of a version is known from before. */
export type Known = Pick<ReleaseManifest, 'version' | 'digest' | 'contentDigest'>;

/**
 * Why a version that is signed is still not the one to take; nothing where it is. A registry that is old, or in the wrong hands, has good
 * signatures of versions that are past, and of other environments.
 * @param known the versions that were verified before
 * @param older whether the newest may be older than what is known
 * @example objectionTo(manifest, { environment: 'prod', wanted: { kind: 'latest' }, known: [seven], older: 'refused' })
 */
export function objectionTo(
  found: ReleaseManifest,
  asked: {
    readonly environment: string;
    readonly wanted: Wanted;
    readonly known: readonly Known[];
    readonly older: 'refused' | 'allowed';
  },
): string | undefined {
  const { environment, wanted, known, older } = asked;
  if (found.environment !== environment)
    return `it is signed as version ${found.version} of environment ${found.environment}, not of ${environment}`;
  if (wanted.kind === 'version' && found.version !== wanted.version)
    return `it is signed as version ${found.version}, not ${wanted.version}`;
  const same = known.find(({ version }) => version === found.version);
  if (same !== undefined && same.contentDigest !== found.contentDigest)
    return `version ${found.version} was ${same.contentDigest} before and is ${found.contentDigest} now, though versions never change`;
  const newest = Math.max(0, ...known.map(({ version }) => version));
  if (wanted.kind === 'latest' && found.version < newest && older === 'refused')
    return `the newest version given is ${found.version}, and ${newest} was known before; --allow-older takes it`;
  return undefined;
}
