import type { EditionContents } from '../domain/render/contents.js';
import type { BundleHead } from '../store/bundle-blobs.js';
import { ContentStore, type StoredContents } from '../store/content.store.js';
import type { EditionBytes } from '../store/edition-bytes.js';
import type { Sql } from '../store/sql.js';
import { phase } from '../seeing/phase.js';
import { readRows, type VersionSource } from './edition-source.js';
import { keptUpTo } from './kept.js';
import {
  type Making,
  type Predecessor,
  type PromotedVersion,
  type Purpose,
  renderAfter,
  type RenderedEdition,
  type RenderEdition,
} from './render-edition.js';

/** What is rendered for an environment: its working model, or a version of another one. */
export type RenderedSource =
  { readonly kind: 'model' } | { readonly kind: 'promotion'; readonly version: VersionSource };

export interface PrepareEdition {
  readonly environment: string;
  readonly source: RenderedSource;
  readonly latest: BundleHead | undefined;
  /** A dry run writes all that is stored, to name it, and stores nothing. */
  readonly purpose: 'preview' | 'publish' | 'dry-run';
}

/** What there is to say of a rendered and proved edition. */
export type SaidEdition = Omit<RenderedEdition, 'contents'>;

/** An edition whose bytes are in the database already. */
export interface PreparedEdition extends SaidEdition {
  /** Absent where nobody needs them, or they may not be published. */
  readonly stored?: StoredContents;
}

const contentStore = new ContentStore();

/** Of YAML; what it was made of takes a few times as much. */
const KEPT_BYTES_MAX = 64 * 1024 * 1024;
/** What this thread made last of each environment. Nothing depends on what that is, but the time it takes to make the next. */
const kept = keptUpTo<Making>(KEPT_BYTES_MAX);

/** From what is in the database to an edition whose bytes are in the database: only what there is to say of it comes back. */
export async function prepareEdition(order: PrepareEdition, bytes: EditionBytes): Promise<PreparedEdition> {
  const { contents, ...said } = await rendered(order, bytes);
  if (contents === undefined || !isGood(said)) return said;
  const dry = order.purpose === 'dry-run';
  const put = () => phase('store', () => contentStore.put(bytes.sql, contents));
  return { ...said, stored: dry ? namesOf(contents) : await put() };
}

async function rendered(order: PrepareEdition, bytes: EditionBytes): Promise<RenderedEdition> {
  const earlier = kept.get(order.environment);
  const read = await phase('load', () => readOrder(order, bytes, earlier?.written));
  const { edition, making } = renderAfter(read, earlier);
  kept.put(order.environment, making, sizeOf(making));
  return edition;
}

async function readOrder(
  { environment, source, latest, purpose }: PrepareEdition,
  bytes: EditionBytes,
  written: Making['written'],
): Promise<RenderEdition> {
  const snapshot = await readRows(bytes, environment);
  const wanted = purpose === 'preview' ? 'preview' : 'publish';
  const predecessor = latest && (await readPredecessor(contentStore, bytes.sql, latest, wanted, written));
  const promoted = await readPromoted(contentStore, bytes.sql, source);
  return { snapshot, promoted, predecessor, purpose: wanted };
}

function sizeOf({ bundle }: Making): number {
  return bundle.namespaces.reduce((sum, { yaml }) => sum + yaml.length, 0);
}

/** What is rendered in place of the working model, if anything. */
export async function readPromoted(
  store: ContentStore,
  sql: Sql,
  source: RenderedSource,
): Promise<PromotedVersion | undefined> {
  switch (source.kind) {
    case 'model':
      return undefined;
    case 'promotion': {
      const { environment, version, blobs } = source.version;
      return { environment, version, snapshot: await store.deflated(sql, blobs.snapshot) };
    }
  }
}

/** What the next version is compared with, and shares its pieces with. Its snapshot is not read where it is the one that was written last. */
export async function readPredecessor(
  store: ContentStore,
  sql: Sql,
  { digest, blobs }: BundleHead,
  purpose: Purpose,
  written?: Making['written'],
): Promise<Predecessor> {
  const snapshot =
    written?.digest === blobs.snapshot
      ? { kind: 'read' as const, snapshot: written.snapshot }
      : { kind: 'deflated' as const, json: await store.deflated(sql, blobs.snapshot) };
  switch (purpose) {
    case 'preview':
      return { digest, snapshot, yaml: await store.deflated(sql, blobs.yamlGzip) };
    case 'publish':
      return { digest, snapshot, pieces: await store.piecesOf(sql, [blobs.tar, blobs.snapshot]) };
  }
}

/** For a dry run: what is compressed has no digest before it is stored, and is called by what it holds. */
export function namesOf({ yaml, tar, snapshot, jsonDigest }: EditionContents): StoredContents {
  return {
    blobs: { yamlGzip: yaml.digest, tar: tar.digest, snapshot: snapshot.digest },
    jsonDigest,
    archive: { size: tar.length, tarDigest: tar.digest },
  };
}

/** Whether it may be published: bytes that may not be are not stored. */
function isGood({ proof, findings }: SaidEdition): boolean {
  return proof?.equal === true && !findings.some(({ severity }) => severity === 'error');
}
