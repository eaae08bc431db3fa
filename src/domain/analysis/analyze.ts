import type { ConnectionChange } from '../diff/connection-change.js';
import { diffConnections } from '../diff/connections.js';
import { connections, type Connection } from '../evaluate/connections.js';
import { explain, type Explanation } from '../evaluate/explain.js';
import type { EvaluateOptions } from '../evaluate/options.js';
import { worldFindings } from '../evaluate/world-findings.js';
import { buildWorld, type World } from '../evaluate/world.js';
import { exposure, type ExposureAnswer } from '../exposure/exposure.js';
import { sortFindings, type Finding } from '../finding.js';
import type { ManifestFile } from '../kubernetes/manifest-objects.js';
import { readManifestFiles, readManifests, type Manifests } from '../kubernetes/read-manifests.js';

/** Where manifests come from: a text or parsed value as a client sends it, or files. Plain data, that can go to another thread. */
export type ManifestSource =
  | { readonly kind: 'value'; readonly value: unknown }
  | { readonly kind: 'files'; readonly files: readonly ManifestFile[] };

type Options = Partial<EvaluateOptions>;

/** One question about manifests, as plain data. */
export type AnalysisRequest =
  | { readonly kind: 'connections'; readonly manifests: ManifestSource; readonly options: Options }
  | { readonly kind: 'exposure'; readonly manifests: ManifestSource; readonly options: Options }
  | {
      readonly kind: 'diff';
      readonly before: ManifestSource;
      readonly after: ManifestSource;
      readonly options: Options;
    }
  | {
      readonly kind: 'explain';
      readonly manifests: ManifestSource;
      readonly from: string;
      readonly to: string;
      readonly port?: string | undefined;
      readonly options: Options;
    };

interface WithFindings {
  readonly findings: readonly Finding[];
}

/** The answer, as plain data: `body` is what is sent as JSON. */
export type AnalysisAnswer =
  | { readonly kind: 'connections'; readonly body: { readonly connections: readonly Connection[] } & WithFindings }
  | { readonly kind: 'exposure'; readonly body: ExposureAnswer & WithFindings }
  | { readonly kind: 'diff'; readonly body: { readonly changes: readonly ConnectionChange[] } & WithFindings }
  | { readonly kind: 'explain'; readonly body: Explanation & WithFindings };

/**
 * Answers one question about any manifests. Refuses what readManifests refuses, peers and ports that are none, and answers
 * beyond all measure.
 * @example analyze({ kind: 'connections', manifests: { kind: 'value', value: text }, options: {} }).body.connections
 */
export function analyze(request: AnalysisRequest): AnalysisAnswer {
  switch (request.kind) {
    case 'connections': {
      const [world, findings] = worldOf(request.manifests, request.options);
      return { kind: 'connections', body: { connections: connections(world), findings } };
    }
    case 'exposure': {
      const [world, findings] = worldOf(request.manifests, request.options);
      return { kind: 'exposure', body: { ...exposure(world), findings } };
    }
    case 'explain': {
      const [world, findings] = worldOf(request.manifests, request.options);
      return { kind: 'explain', body: { ...explain(world, request.from, request.to, request.port), findings } };
    }
    case 'diff': {
      const [before, after] = [read(request.before), read(request.after)];
      const changes = diffConnections(before, after, request.options);
      return { kind: 'diff', body: { changes, findings: findingsOfBoth(before, after) } };
    }
  }
}

function worldOf(source: ManifestSource, options: Options): readonly [World, readonly Finding[]] {
  const manifests = read(source);
  const world = buildWorld(manifests, options);
  return [world, sortFindings([...manifests.findings, ...worldFindings(world)])];
}

function read(source: ManifestSource): Manifests {
  switch (source.kind) {
    case 'value':
      return readManifests(source.value === undefined ? '' : source.value);
    case 'files':
      return readManifestFiles(source.files);
  }
}

function findingsOfBoth(before: Manifests, after: Manifests): Finding[] {
  const named = (side: string, findings: readonly Finding[]) =>
    findings.map((finding) => ({ ...finding, path: `${side}: ${finding.path}` }));
  return sortFindings([...named('before', before.findings), ...named('after', after.findings)]);
}
