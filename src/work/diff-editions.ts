import { asIfIn } from '../domain/diff/across-environments.js';
import type { Change } from '../domain/diff/change/change.js';
import { changeOf } from '../domain/diff/change/change-of.js';
import { listed, type ListedChange } from '../domain/diff/change/listed.js';
import { writeChange } from '../domain/diff/change/write-change.js';
import { diffFlows } from '../domain/diff/flows.js';
import { diffObjects } from '../domain/diff/objects.js';
import { renderBundle } from '../domain/render/bundle.js';
import type { EditionBytes } from '../store/edition-bytes.js';
import { type Edition, type EditionSource, readEdition, readSnapshot } from './edition-source.js';
import { type AnswerType, writeAs } from './written.js';

export interface BundleDiff extends Change {
  readonly before: Pick<Edition, 'environment' | 'version' | 'digest'>;
  readonly after: Pick<Edition, 'environment' | 'version' | 'digest'>;
  readonly objects: ReturnType<typeof diffObjects>;
  readonly flows: ReturnType<typeof diffFlows>;
}

type Changes = Omit<BundleDiff, 'before' | 'after'>;

export interface DiffEditions {
  readonly from: EditionSource;
  readonly to: EditionSource;
}

/** What changes from one edition to another, of the same environment or of two. */
export async function diffEditions({ from, to }: DiffEditions, bytes: EditionBytes): Promise<BundleDiff> {
  const before = await readEdition(bytes, from);
  const after = await readEdition(bytes, to);
  const changes = from.environment === to.environment ? changesWithin(before, after) : changesAcross(before, after);
  return { before: nameOf(before), after: nameOf(after), ...changes };
}

/** What a version keeps of the change from the one before: the first of each list. */
export async function changeBetween({ from, to }: DiffEditions, bytes: EditionBytes): Promise<ListedChange> {
  return listed(changeOf(await readSnapshot(bytes, from), await readSnapshot(bytes, to)));
}

/** As diffEditions, written. */
export async function writeDiff(
  { type, ...order }: DiffEditions & { readonly type: AnswerType },
  bytes: EditionBytes,
): Promise<Uint8Array> {
  return writeAs(type, await diffEditions(order, bytes), writeChange);
}

function changesWithin(before: Edition, after: Edition): Changes {
  return {
    objects: diffObjects(before.policies, after.policies),
    flows: diffFlows(before.snapshot, after.snapshot),
    ...changeOf(before.snapshot, after.snapshot),
  };
}

/** That the environments have other names and namespaces is not a change. */
function changesAcross(before: Edition, after: Edition): Changes {
  const moved = asIfIn(before.snapshot, after.snapshot);
  return {
    objects: diffObjects(renderBundle(moved).policies, after.policies),
    flows: diffFlows(moved, after.snapshot),
    ...changeOf(moved, after.snapshot),
  };
}

function nameOf({ environment, version, digest }: Edition): Pick<Edition, 'environment' | 'version' | 'digest'> {
  return { environment, version, digest };
}
