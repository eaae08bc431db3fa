import { gzipSync } from 'node:zlib';
import { changeOf } from '../domain/diff/change/change-of.js';
import { listed, type ListedChange } from '../domain/diff/change/listed.js';
import { diffFlows, type FlowChange } from '../domain/diff/flows.js';
import { diffObjects, type ObjectChange } from '../domain/diff/objects.js';
import { type Finding, sortFindings } from '../domain/finding.js';
import type { NetworkPolicy } from '../domain/kubernetes/network-policy.js';
import { lintModel } from '../domain/lint/model/lint-model.js';
import type { Snapshot } from '../domain/model/snapshot.js';
import { proveParts } from '../domain/prove/prove.js';
import type { Proof } from '../domain/prove/proof.js';
import { type BundleCounts, type RenderedBundle, renderBundle } from '../domain/render/bundle.js';
import { wholeYaml } from '../domain/render/yaml.js';
import { digest } from '../domain/render/digest.js';
import { writeJsonList } from '../domain/render/json.js';
import { writeTar } from '../domain/render/tar.js';
import { assembleSnapshot } from '../store/snapshot.rows.js';
import { readParts } from './read-parts.js';

/** The latest version: what its bytes are called, and what the change is told against. */
export interface Predecessor {
  readonly digest: string;
  /** JSON of its snapshot, and of its objects as one List. */
  readonly snapshot: Uint8Array;
  readonly objects: Uint8Array;
}

export interface RenderEdition {
  /** What SnapshotStore.read gave. */
  readonly snapshot: string;
  readonly predecessor: Predecessor | undefined;
  /** Whether the stored representations are wanted: a preview has no use for them. */
  readonly blobs: boolean;
}

/** What differs from the predecessor: its objects, its flows, and who may talk to whom. */
export interface Changes extends ListedChange {
  readonly objects: readonly ObjectChange[];
  readonly flows: readonly FlowChange[];
}

/** A rendered and proved edition of the working model, as the doors show it and the store keeps it. */
export interface RenderedEdition {
  readonly environment: string;
  readonly revision: number;
  readonly digest: string;
  readonly counts: BundleCounts;
  readonly findings: readonly Finding[];
  readonly changes: Changes;
  /** Absent where the content is that of the predecessor, which was proved at its publish, and nothing is stored. */
  readonly proof?: Proof;
  readonly blobs?: Readonly<Record<'yaml' | 'json' | 'tar' | 'snapshot', EditionBlob>>;
}

export interface EditionBlob {
  readonly digest: string;
  readonly bytes: Uint8Array;
}

/**
 * From the rows of the model to all that a preview shows and a publish stores: assemble, render, compare, prove, write. Heavy for
 * a large estate, so it runs in a worker thread there.
 */
export function renderEdition({ snapshot: rows, predecessor, blobs }: RenderEdition): RenderedEdition {
  const snapshot = assembleSnapshot(rows);
  const rendered = renderBundle(snapshot);
  const { environment, revision, digest, counts } = rendered;
  const same = predecessor?.digest === digest;
  return {
    ...{ environment, revision, digest, counts, findings: findingsOf(snapshot, rendered) },
    changes: same ? nothingIn(snapshot) : changesOf(predecessor, rendered, snapshot),
    ...(same && blobs ? {} : { proof: proveParts(snapshot, readParts(rendered.namespaces)) }),
    ...(same || !blobs ? {} : { blobs: blobsOf(rendered, snapshot) }),
  };
}

function changesOf(predecessor: Predecessor | undefined, rendered: RenderedBundle, snapshot: Snapshot): Changes {
  const before = predecessor && {
    snapshot: jsonOf(predecessor.snapshot) as Snapshot,
    policies: (jsonOf(predecessor.objects) as { items: NetworkPolicy[] }).items,
  };
  return {
    objects: diffObjects(before?.policies ?? [], rendered.policies),
    flows: diffFlows(before?.snapshot ?? { ...snapshot, flows: [], placements: [] }, snapshot),
    ...listed(changeOf(before?.snapshot, snapshot)),
  };
}

function nothingIn(snapshot: Snapshot): Changes {
  return { objects: [], flows: [], ...listed(changeOf(snapshot, snapshot)) };
}

function blobsOf(rendered: RenderedBundle, snapshot: Snapshot): NonNullable<RenderedEdition['blobs']> {
  return {
    yaml: blobOf(wholeYaml(rendered)),
    json: blobOf(Buffer.from(writeJsonList(rendered.policies))),
    tar: blobOf(gzipSync(writeTar(rendered.namespaces), { level: 9 })),
    snapshot: blobOf(Buffer.from(JSON.stringify(snapshot))),
  };
}

function blobOf(bytes: Uint8Array): EditionBlob {
  return { digest: digest(bytes), bytes };
}

function jsonOf(bytes: Uint8Array): unknown {
  return JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString());
}

/** What compile and render notice, and what lint finds: a preview shows it, and a version keeps it. */
function findingsOf(snapshot: Snapshot, rendered: RenderedBundle): readonly Finding[] {
  return sortFindings([...rendered.findings, ...lintModel(snapshot)]);
}
