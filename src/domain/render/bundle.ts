import { compile } from '../compile/compile.js';
import type { CompiledEnvironment } from '../compile/compiled.js';
import { sortFindings, type Finding } from '../finding.js';
import type { NetworkPolicy } from '../kubernetes/network-policy.js';
import type { Snapshot } from '../model/snapshot.js';
import { digest } from './digest.js';
import { render } from './render.js';
import { noticeSize } from './size.js';
import type { NamespaceYaml } from './tar.js';
import { writeDocument, yamlWriter } from './yaml.js';

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
  const { namespaces, sizes } = writeNamespaces(compiled, policies);
  return {
    environment: snapshot.environment.name,
    revision: snapshot.revision,
    compiled,
    policies,
    findings: sortFindings([...compiled.findings, ...sizes]),
    namespaces,
    digest: digest(...namespaces.map(({ yaml }) => yaml)),
    counts: { namespaces: namespaces.length, objects: policies.length, flows: countFlows(compiled) },
  };
}

/** The YAML stream of a bundle: its pieces one behind the other. */
export function wholeYaml({ namespaces }: Pick<RenderedBundle, 'namespaces'>): Uint8Array {
  return Buffer.concat(namespaces.map(({ yaml }) => yaml));
}

/** The objects come by namespace, so a namespace is complete where the next one starts. */
function writeNamespaces(
  compiled: CompiledEnvironment,
  policies: readonly NetworkPolicy[],
): { readonly namespaces: readonly NamespaceYaml[]; readonly sizes: readonly Finding[] } {
  const writer = yamlWriter();
  const namespaces: NamespaceYaml[] = [];
  const sizes: Finding[] = [];
  for (const [index, policy] of compiled.policies.entries()) {
    const object = policies[index];
    if (object === undefined) continue;
    const { namespace } = policy;
    sizes.push(...noticeSize(policy, object, writeDocument(object, writer)));
    if (compiled.policies[index + 1]?.namespace !== namespace)
      namespaces.push({ namespace, yaml: writer.bytes.take() });
  }
  return { namespaces, sizes };
}

function countFlows(compiled: CompiledEnvironment): number {
  const flows = new Set<string>();
  for (const policy of compiled.policies) if (policy.kind === 'tier') for (const flow of policy.flows) flows.add(flow);
  return flows.size;
}
