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
import { proveAfter } from '../domain/prove/prove.js';
import type { Proof } from '../domain/prove/proof.js';
import type { Proved } from '../domain/prove/proved.js';
import { type BundleCounts, type RenderedBundle, renderBundle } from '../domain/render/bundle.js';
import { LAST_BLOCK } from '../domain/render/fragment.js';
import { wholeYaml } from '../domain/render/yaml.js';
import type { EditionContents } from '../domain/render/contents.js';
import { phase } from '../seeing/phase.js';
import { assembleAfter, type KnownRows } from '../store/snapshot.rows.js';
import { diffYaml } from './diff-yaml.js';
import { contentsOf } from './edition-contents.js';
import { readParts } from './read-parts.js';

/** What an edition is rendered for: to be looked at, or to be stored. */
export type Purpose = 'preview' | 'publish';

/** The latest version: what its bytes are called, and what the change is told against. */
export interface Predecessor {
  readonly digest: string;
  readonly snapshot: StoredSnapshot;
  /** For a preview, which lists what objects change: YAML of its objects, as its fragments one behind the other. */
  readonly yaml?: Uint8Array;
  /** For a publish: the digests of the pieces that are stored with it, which are not compressed again. */
  readonly pieces?: readonly string[];
}

/** A snapshot that is stored: its JSON, as its fragments one behind the other, or what that is read as, where it is at hand. */
export type StoredSnapshot =
  { readonly kind: 'deflated'; readonly json: Uint8Array } | { readonly kind: 'read'; readonly snapshot: Snapshot };

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
  readonly purpose: Purpose;
}

/** What differs from the predecessor: who may talk to whom, and for a preview its objects and flows. A version keeps neither list: both are empty. */
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

/** What an edition was made with. The next one takes over from it what is made of the same. */
export interface Making {
  readonly rows: KnownRows;
  readonly bundle: RenderedBundle;
  readonly proved?: Proved | undefined;
  /** The snapshot that was written last, and the digest of its JSON, by which the version that has it names it. */
  readonly written?: { readonly digest: string; readonly snapshot: Snapshot } | undefined;
}

/** An edition, and what it was made with. */
export interface MadeEdition {
  readonly edition: RenderedEdition;
  readonly making: Making;
}

/**
 * From the rows of the model to all that a preview shows and a publish stores: assemble, render, compare, prove, write. Heavy for
 * a large estate, so it runs in a worker thread there. Refuses (invalid) a promotion whose flows would not hold here, with every reason.
 */
export function renderEdition(order: RenderEdition): RenderedEdition {
  return renderAfter(order).edition;
}

/** As renderEdition, after an earlier making: the edition is the same as without, and made in less time. */
export function renderAfter(order: RenderEdition, earlier?: Making): MadeEdition {
  const { promoted, predecessor, purpose } = order;
  const { snapshot: model, rows } = phase('assemble', () => assembleAfter(order.snapshot, earlier?.rows));
  const { snapshot, findings } = promoted ? promotion(promoted, model, predecessor) : { snapshot: model, findings: [] };
  const bundle = phase('render', () => renderBundle(snapshot, earlier?.bundle));
  const { environment, revision, digest, counts } = bundle;
  const noticed = phase('lint', () => findingsOf(snapshot, bundle, findings));
  const said = { environment, revision, digest, counts, findings: noticed };
  const same = predecessor?.digest === digest;
  const changes = phase('compare', () =>
    same ? nothingIn(snapshot) : changesOf(predecessor, bundle, snapshot, purpose),
  );
  // What is the predecessor's was proved at its publish, and is stored.
  if (same && purpose === 'publish') return { edition: { ...said, changes }, making: { ...earlier, rows, bundle } };
  const proved = phase('prove', () => proveAfter(snapshot, readParts(bundle.namespaces), earlier?.proved));
  const edition = { ...said, changes, proof: proved.proof };
  const making = { ...earlier, rows, bundle, proved: proved.proof.equal ? proved : earlier?.proved };
  if (purpose === 'preview') return { edition, making };
  const contents = phase('write', () => contentsOf(bundle, snapshot, predecessor?.pieces));
  const written = { digest: contents.snapshot.digest, snapshot };
  return { edition: { ...edition, contents }, making: { ...making, written } };
}

function promotion(
  { environment, version, snapshot }: PromotedVersion,
  target: Snapshot,
  predecessor: Predecessor | undefined,
): { readonly snapshot: Snapshot; readonly findings: readonly Finding[] } {
  const latest = predecessor && snapshotOf(predecessor.snapshot);
  const { problems, ...made } = promote({ source: jsonOf(snapshot) as Snapshot, target, latest });
  const to = `environment "${target.environment.name}"`;
  refuse(problems, `the promotion of version ${version} of environment "${environment}" to ${to}`);
  return made;
}

function changesOf(
  predecessor: Predecessor | undefined,
  rendered: RenderedBundle,
  snapshot: Snapshot,
  purpose: Purpose,
): Changes {
  const before = predecessor && snapshotOf(predecessor.snapshot);
  const change = listed(changeOf(before, snapshot));
  if (purpose === 'publish') return { objects: [], flows: [], ...change };
  return {
    objects: predecessor?.yaml
      ? diffYaml(inflated(predecessor.yaml), wholeYaml(rendered))
      : diffObjects([], rendered.policies),
    flows: diffFlows(before ?? { ...snapshot, flows: [], placements: [] }, snapshot),
    ...change,
  };
}

function nothingIn(snapshot: Snapshot): Changes {
  return { objects: [], flows: [], ...listed(changeOf(snapshot, snapshot)) };
}

function snapshotOf(stored: StoredSnapshot): Snapshot {
  return stored.kind === 'read' ? stored.snapshot : (jsonOf(stored.json) as Snapshot);
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
