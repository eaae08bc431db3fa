import { compile } from '../compile/compile.js';
import type { CompiledEnvironment } from '../compile/compiled.js';
import { sortFindings, type Finding } from '../finding.js';
import type { NetworkPolicy } from '../kubernetes/network-policy.js';
import type { Snapshot } from '../model/snapshot.js';
import { digest } from './digest.js';
import { render } from './render.js';
import { noticeSize } from './size.js';
import type { NamespaceYaml } from './tar.js';
import { writeYaml } from './yaml.js';

/** What a publish stores, or a preview shows. */
export interface RenderedBundle {
  readonly environment: string;
  readonly revision: number;
  readonly compiled: CompiledEnvironment;
  readonly policies: readonly NetworkPolicy[];
  /** Of compile and of the sizes. One with severity `error` stands in the way of a publish. */
  readonly findings: readonly Finding[];
  /** The pieces of the YAML stream, by namespace: the files of the archive, equal from version to version where nothing changed. */
  readonly namespaces: readonly NamespaceYaml[];
  /** Of the pieces one behind the other (`wholeYaml`): the identity of the content. */
  readonly digest: string;
  readonly counts: BundleCounts;
}

/** `flows` counts the flows that stand in some object, not those that the environment cannot render. */
export interface BundleCounts {
  readonly namespaces: number;
  readonly objects: number;
  readonly flows: number;
}

/**
 * Compiles, renders and writes a snapshot. The revision goes no further than the result's own field: the bytes and the digest do not
 * depend on it. Refuses nothing.
 * @example renderBundle(snapshot).digest // 'sha256:...'
 */
export function renderBundle(snapshot: Snapshot): RenderedBundle {
  const compiled = compile(snapshot);
  const policies = render(compiled);
  const { namespaces, lengths } = writeYaml(policies);
  return {
    environment: snapshot.environment.name,
    revision: snapshot.revision,
    compiled,
    policies,
    findings: sortFindings([...compiled.findings, ...noticeSizes(compiled, policies, lengths)]),
    namespaces,
    digest: digest(...namespaces.map(({ yaml }) => yaml)),
    counts: { namespaces: namespaces.length, objects: policies.length, flows: countFlows(compiled) },
  };
}

function noticeSizes(
  compiled: CompiledEnvironment,
  policies: readonly NetworkPolicy[],
  lengths: readonly number[],
): Finding[] {
  return compiled.policies.flatMap((policy, index) => {
    const [object, length] = [policies[index], lengths[index]];
    return object === undefined || length === undefined ? [] : noticeSize(policy, object, length);
  });
}

function countFlows(compiled: CompiledEnvironment): number {
  const flows = new Set<string>();
  for (const policy of compiled.policies) if (policy.kind === 'tier') for (const flow of policy.flows) flows.add(flow);
  return flows.size;
}
