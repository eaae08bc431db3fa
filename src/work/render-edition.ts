import { inflateRawSync } from 'node:zlib';
import { changeOf } from '../domain/diff/change/change-of.js';
import { listed, type ListedChange } from '../domain/diff/change/listed.js';
import { diffFlows, type FlowChange } from '../domain/diff/flows.js';
import { diffObjects, type ObjectChange } from '../domain/diff/objects.js';
import { refuse } from '../domain/errors.js';
import { type Finding, sortFindings } from '../domain/finding.js';
import { lintModel } from '../domain/lint/model/lint-model.js';
import type { Snapshot } from '../domain/model/snapshot.js';
import { promote } from '../domain/promote/promote.js';
import { proveParts } from '../domain/prove/prove.js';
import type { Proof } from '../domain/prove/proof.js';
import { type BundleCounts, type RenderedBundle, renderBundle } from '../domain/render/bundle.js';
import { LAST_BLOCK } from '../domain/render/fragment.js';
import { wholeYaml } from '../domain/render/yaml.js';
import type { EditionContents } from '../domain/render/contents.js';
import { phase } from '../seeing/phase.js';
import { assembleSnapshot } from '../store/snapshot.rows.js';
import { diffYaml } from './diff-yaml.js';
import { contentsOf } from './edition-contents.js';
import { readParts } from './read-parts.js';

/** The latest version: what its bytes are called, and what the change is told against. */
export interface Predecessor {
  readonly digest: string;
  /** JSON of its snapshot, and YAML of its objects, as their fragments one behind the other. */
  readonly snapshot: Uint8Array;
  readonly yaml: Uint8Array;
  /** The digests of the pieces that are stored with it: they are not compressed again. */
  readonly pieces: readonly string[];
}

/** A version of another environment, and JSON of its snapshot, as its fragments one behind the other. */
export interface PromotedVersion {
  readonly environment: string;
  readonly version: number;
  readonly snapshot: Uint8Array;
}

export interface RenderEdition {
  /** What SnapshotStore.read gave. */
  readonly snapshot: string;
  /** What is rendered in place of the working model, with what that says of the environment. */
  readonly promoted?: PromotedVersion | undefined;
  readonly predecessor: Predecessor | undefined;
  /** Whether what is stored of a version is wanted: a preview has no use for it. */
  readonly contents: boolean;
}

/** What differs from the predecessor: its objects, its flows, and who may talk to whom. */
export interface Changes extends ListedChange {
  readonly objects: readonly ObjectChange[];
  readonly flows: readonly FlowChange[];
}

/** A rendered and proved edition of an environment, as the doors show it and the store keeps it. */
export interface RenderedEdition {
  readonly environment: string;
  readonly revision: number;
  readonly digest: string;
  readonly counts: BundleCounts;
  readonly findings: readonly Finding[];
  readonly changes: Changes;
  /** Absent where the content is that of the predecessor, which was proved at its publish, and nothing is stored. */
  readonly proof?: Proof;
  readonly contents?: EditionContents;
}

/**
 * From the rows of the model to all that a preview shows and a publish stores: assemble, render, compare, prove, write. Heavy for
 * a large estate, so it runs in a worker thread there. Refuses (invalid) a promotion whose flows would not hold here, with every reason.
 */
export function renderEdition({ snapshot: rows, promoted, predecessor, contents }: RenderEdition): RenderedEdition {
  const model = phase('assemble', () => assembleSnapshot(rows));
  const { snapshot, findings } = promoted ? promotion(promoted, model, predecessor) : { snapshot: model, findings: [] };
  const rendered = phase('render', () => renderBundle(snapshot));
  const { environment, revision, counts } = rendered;
  const same = predecessor?.digest === rendered.digest;
  return {
    ...{ environment, revision, digest: rendered.digest, counts },
    findings: phase('lint', () => findingsOf(snapshot, rendered, findings)),
    changes: phase('compare', () => (same ? nothingIn(snapshot) : changesOf(predecessor, rendered, snapshot))),
    ...(same && contents ? {} : { proof: phase('prove', () => proveParts(snapshot, readParts(rendered.namespaces))) }),
    ...(same || !contents
      ? {}
      : { contents: phase('write', () => contentsOf(rendered, snapshot, predecessor?.pieces)) }),
  };
}

function promotion(
  { environment, version, snapshot }: PromotedVersion,
  target: Snapshot,
  predecessor: Predecessor | undefined,
): { readonly snapshot: Snapshot; readonly findings: readonly Finding[] } {
  const latest = predecessor && (jsonOf(predecessor.snapshot) as Snapshot);
  const { problems, ...made } = promote({ source: jsonOf(snapshot) as Snapshot, target, latest });
  const to = `environment "${target.environment.name}"`;
  refuse(problems, `the promotion of version ${version} of environment "${environment}" to ${to}`);
  return made;
}

function changesOf(predecessor: Predecessor | undefined, rendered: RenderedBundle, snapshot: Snapshot): Changes {
  const before = predecessor && {
    snapshot: jsonOf(predecessor.snapshot) as Snapshot,
    yaml: inflated(predecessor.yaml),
  };
  return {
    objects: before === undefined ? diffObjects([], rendered.policies) : diffYaml(before.yaml, wholeYaml(rendered)),
    flows: diffFlows(before?.snapshot ?? { ...snapshot, flows: [], placements: [] }, snapshot),
    ...listed(changeOf(before?.snapshot, snapshot)),
  };
}

function nothingIn(snapshot: Snapshot): Changes {
  return { objects: [], flows: [], ...listed(changeOf(snapshot, snapshot)) };
}

function jsonOf(deflated: Uint8Array): unknown {
  return JSON.parse(inflated(deflated).toString());
}

function inflated(deflated: Uint8Array): Buffer {
  return inflateRawSync(Buffer.concat([deflated, LAST_BLOCK]));
}

/** What compile and render notice, what lint finds, and what a promotion noticed: a preview shows it, and a version keeps it. */
function findingsOf(snapshot: Snapshot, rendered: RenderedBundle, promoted: readonly Finding[]): readonly Finding[] {
  return sortFindings([...rendered.findings, ...lintModel(snapshot), ...promoted]);
}
