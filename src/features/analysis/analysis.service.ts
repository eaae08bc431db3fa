import { diffConnections } from '../../domain/diff/connections.js';
import type { ConnectionChange } from '../../domain/diff/connection-change.js';
import { type Connection, connections } from '../../domain/evaluate/connections.js';
import { type Explanation, explain } from '../../domain/evaluate/explain.js';
import type { EvaluateOptions } from '../../domain/evaluate/options.js';
import { buildWorld } from '../../domain/evaluate/world.js';
import { worldFindings } from '../../domain/evaluate/world-findings.js';
import { type Finding, sortFindings } from '../../domain/finding.js';
import { type Manifests, readManifests } from '../../domain/kubernetes/read-manifests.js';
import { type RequestContext, requireScope } from '../../platform/context.js';
import { analysisDiffSchema, analysisExplainSchema } from '../../schema/analysis.js';
import { parseOrRefuse } from '../../schema/parse.js';

/** Judges any Kubernetes manifests; stores nothing, and knows nothing of the model. */
export class AnalysisService {
  /** Every pair between which the manifests allow anything. */
  connections(
    ctx: RequestContext,
    manifests: unknown,
    options: Partial<EvaluateOptions>,
  ): { connections: Connection[]; findings: Finding[] } {
    requireScope(ctx, 'read');
    const read = readManifests(manifests ?? '');
    const world = buildWorld(read, options);
    return { connections: connections(world), findings: sortFindings([...read.findings, ...worldFindings(world)]) };
  }

  /** What is allowed after and not before, or no longer, or on other ports. */
  diff(
    ctx: RequestContext,
    raw: unknown,
    options: Partial<EvaluateOptions>,
  ): { changes: ConnectionChange[]; findings: Finding[] } {
    requireScope(ctx, 'read');
    const input = parseOrRefuse(analysisDiffSchema, raw, 'the diff');
    const [before, after] = [readManifests(input.before), readManifests(input.after)];
    return { changes: diffConnections(before, after, options), findings: findingsOfBoth(before, after) };
  }

  /** May one talk to the other, and which policies and rules say so? */
  explain(ctx: RequestContext, raw: unknown, options: Partial<EvaluateOptions>): Explanation & { findings: Finding[] } {
    requireScope(ctx, 'read');
    const { manifests, from, to, port } = parseOrRefuse(analysisExplainSchema, raw, 'the question');
    const read = readManifests(manifests);
    return { ...explain(buildWorld(read, options), from, to, port), findings: [...read.findings] };
  }
}

function findingsOfBoth(before: Manifests, after: Manifests): Finding[] {
  const named = (side: string, findings: readonly Finding[]) =>
    findings.map((finding) => ({ ...finding, path: `${side}: ${finding.path}` }));
  return sortFindings([...named('before', before.findings), ...named('after', after.findings)]);
}
