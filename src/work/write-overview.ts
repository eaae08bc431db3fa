import { overview } from '../domain/overview/overview.js';
import { writeDot } from '../domain/overview/write-dot.js';
import { writeMarkdown } from '../domain/overview/write-markdown.js';
import { writeMermaid } from '../domain/overview/write-mermaid.js';
import { writeText } from '../domain/overview/write-text.js';
import type { EditionBytes } from '../store/edition-bytes.js';
import { type EditionSource, readSnapshot } from './edition-source.js';

const WRITERS = { txt: writeText, md: writeMarkdown, mmd: writeMermaid, dot: writeDot } as const;

/** What an overview is written as; SVG is drawn from DOT. */
export type WrittenFormat = keyof typeof WRITERS;

export interface WriteOverview {
  readonly source: EditionSource;
  readonly format: WrittenFormat;
}

/** Who talks to whom in an edition, written. */
export async function writeOverview({ source, format }: WriteOverview, bytes: EditionBytes): Promise<Uint8Array> {
  return Buffer.from(WRITERS[format](overview(await readSnapshot(bytes, source))));
}
