import type { Proof } from '../domain/prove/proof.js';
import { writeChange } from '../domain/diff/change/write-change.js';
import type { EditionBytes } from '../store/edition-bytes.js';
import type { BundleHead } from '../store/bundle-blobs.js';
import { prepareEdition, type SaidEdition } from './prepare-edition.js';
import type { RenderedEdition } from './render-edition.js';
import { type AnswerType, writeAs } from './written.js';

/** What publishing now would do. */
export interface Preview extends Pick<
  RenderedEdition,
  'environment' | 'revision' | 'digest' | 'counts' | 'findings' | 'changes'
> {
  readonly wouldPublish: boolean;
  readonly latestVersion: number;
  readonly nextVersion: number;
  /** Whether the bytes allow exactly what is declared, and where they do not. */
  readonly proof: Proof;
}

export interface PreviewEdition {
  readonly environment: string;
  readonly latest: BundleHead | undefined;
}

export async function previewEdition({ environment, latest }: PreviewEdition, bytes: EditionBytes): Promise<Preview> {
  const source = { kind: 'model' } as const;
  return previewOf(await prepareEdition({ environment, source, latest, purpose: 'preview' }, bytes), latest);
}

/** As previewEdition, written. */
export async function writePreviewEdition(
  { type, ...order }: PreviewEdition & { readonly type: AnswerType },
  bytes: EditionBytes,
): Promise<Uint8Array> {
  return writePreview(await previewEdition(order, bytes), type);
}

export function writePreview(preview: Preview, type: AnswerType): Uint8Array {
  return writeAs(type, preview, ({ changes }) => writeChange(changes));
}

export function previewOf(edition: SaidEdition, latest: Pick<BundleHead, 'version' | 'digest'> | undefined): Preview {
  const { environment, revision, digest, counts, findings, changes } = edition;
  const same = latest?.digest === digest;
  const proof = provedOf(edition);
  return {
    ...{ environment, revision, digest, counts, findings, changes, proof },
    wouldPublish: !same && proof.equal && !findings.some((finding) => finding.severity === 'error'),
    latestVersion: latest?.version ?? 0,
    nextVersion: (latest?.version ?? 0) + (same ? 0 : 1),
  };
}

/** What is not that of the predecessor was proved. */
export function provedOf({ digest, proof }: SaidEdition): Proof {
  if (proof === undefined) throw new Error(`${digest} was not proved`);
  return proof;
}
