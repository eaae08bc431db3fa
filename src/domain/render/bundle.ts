import { compile } from '../compile/compile.js';
import type { CompiledEnvironment, CompiledPolicy } from '../compile/compiled.js';
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
  readonly namespaces: readonly RenderedNamespace[];
  /** Of the pieces one behind the other (`wholeYaml`): the identity of the content. */
  readonly digest: string;
  readonly counts: BundleCounts;
}

/** The objects of a namespace, the policies that they were rendered of, and how many bytes the document of each has. */
export interface RenderedNamespace extends NamespaceYaml {
  readonly compiled: readonly CompiledPolicy[];
  readonly policies: readonly NetworkPolicy[];
  readonly lengths: readonly number[];
}

/** `flows` counts the flows that stand in some object, not those that the environment cannot render. */
export interface BundleCounts {
  readonly namespaces: number;
  readonly objects: number;
  readonly flows: number;
}

/**
 * Compiles, renders and writes a snapshot. The revision goes no further than the result's own field: the bytes and the digest do not
 * depend on it. With an earlier bundle at hand the result is the same as without: namespaces are taken over from it (by identity) whose policies are
 * made of the same. Refuses nothing.
 * @example renderBundle(snapshot).digest // 'sha256:...'
 */
export function renderBundle(snapshot: Snapshot, earlier?: RenderedBundle): RenderedBundle {
  const { name: environment } = snapshot.environment;
  const before = earlier?.environment === environment ? earlier : undefined;
  const compiled = compile(snapshot, before?.compiled);
  const namespaces = renderNamespaces(compiled, before?.namespaces ?? []);
  const policies = namespaces.flatMap((one) => one.policies);
  return {
    environment,
    revision: snapshot.revision,
    compiled,
    policies,
    findings: sortFindings([...compiled.findings, ...namespaces.flatMap(noticeSizes)]),
    namespaces,
    digest: digest(...namespaces.map(({ yaml }) => yaml)),
    counts: { namespaces: namespaces.length, objects: policies.length, flows: countFlows(compiled) },
  };
}

/** What a namespace is rendered as depends on its policies and the name of the environment alone. */
function renderNamespaces(
  { environment, namespaces }: CompiledEnvironment,
  earlier: readonly RenderedNamespace[],
): RenderedNamespace[] {
  const known = new Map(earlier.map((one) => [one.compiled, one]));
  const fresh = namespaces.map(({ policies }) => policies).filter((policies) => !known.has(policies));
  for (const one of writeNamespaces(environment, fresh)) known.set(one.compiled, one);
  return namespaces.flatMap(({ policies }) => known.get(policies) ?? []);
}

function writeNamespaces(environment: string, compiled: readonly (readonly CompiledPolicy[])[]): RenderedNamespace[] {
  const objects = render({ environment, policies: compiled.flat() });
  const { namespaces, lengths } = writeYaml(objects);
  let from = 0;
  return namespaces.map((written, index) => {
    const own = compiled[index] ?? [];
    const [start, end] = [from, (from += own.length)];
    return { ...written, compiled: own, policies: objects.slice(start, end), lengths: lengths.slice(start, end) };
  });
}

function noticeSizes({ compiled, policies, lengths }: RenderedNamespace): Finding[] {
  return compiled.flatMap((policy, index) => {
    const [object, length] = [policies[index], lengths[index]];
    return object === undefined || length === undefined ? [] : noticeSize(policy, object, length);
  });
}

function countFlows(compiled: CompiledEnvironment): number {
  const flows = new Set<string>();
  for (const policy of compiled.policies) if (policy.kind === 'tier') for (const flow of policy.flows) flows.add(flow);
  return flows.size;
}
