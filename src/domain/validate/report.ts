import type { Problem } from '../errors.js';
import { quote } from '../model/names.js';

/** More clusters of one environment than anyone has are the names of pods, or of runs of a pipeline. */
export const CLUSTERS_MAX = 10_000;

/** What a report is held against. */
export interface ReportFacts {
  readonly environment: string;
  /** Undefined: nothing was published yet. */
  readonly latest: number | undefined;
  /** Of the version that the report names, in every form in which it is served, its YAML first; undefined where there is no such version. */
  readonly digests: readonly string[] | undefined;
  /** How many other clusters there are, where this one is not among those that are known. */
  readonly others: number | undefined;
}

/** The fields of a report that can be read. */
export interface ReportParts {
  readonly cluster?: string | undefined;
  readonly version?: number | undefined;
  readonly digest?: string | undefined;
}

/**
 * All problems of a report against the versions and clusters of its environment: a version that was never published, a digest that is not
 * of that version, a cluster too many. None where it may be stored.
 * @example reportProblems({ version: 9 }, { environment: 'dev', latest: 2, digests: undefined, others: 0 }) // [{ code: 'unknown-version', ... }]
 */
export function reportProblems(parts: ReportParts, facts: ReportFacts): Problem[] {
  return [...versionProblems(parts, facts), ...digestProblems(parts, facts), ...clusterProblems(parts, facts)];
}

function versionProblems({ version }: ReportParts, { environment, latest, digests }: ReportFacts): Problem[] {
  if (version === undefined || digests !== undefined) return [];
  const have = latest === undefined ? 'nothing was published there yet' : `the latest is ${latest}`;
  const detail = `version ${version} of environment "${environment}" does not exist: ${have}`;
  return [{ pointer: '#/version', code: 'unknown-version', detail, value: version }];
}

function digestProblems({ version, digest }: ReportParts, { environment, digests }: ReportFacts): Problem[] {
  if (version === undefined || digest === undefined || digests === undefined || digests.includes(digest)) return [];
  const detail = `${quote(digest)} is no digest of version ${version} of environment "${environment}": its YAML is ${digests[0]}`;
  return [{ pointer: '#/digest', code: 'wrong-digest', detail, value: digest }];
}

function clusterProblems({ cluster }: ReportParts, { environment, others = 0 }: ReportFacts): Problem[] {
  if (cluster === undefined || others < CLUSTERS_MAX) return [];
  const detail = `environment "${environment}" has ${others} clusters already, of which ${quote(cluster)} is none: forget those that are gone`;
  return [{ pointer: '#/cluster', code: 'too-many-clusters', detail, value: cluster }];
}
