import type { EditionBytes } from '../../store/edition-bytes.js';
import type { CacheState } from '../../seeing/cache-tally.js';
import { type EditionSource, readPolicies, readSnapshot } from '../edition-source.js';
import { AskedEdition, renderedNow, type Reply } from './asked-edition.js';
import { KeptEditions } from './kept-editions.js';
import type { Question } from './questions.js';

/** An edition as it is asked: of a draft, the revision of the model that it must have at least. */
export interface AskedSource {
  readonly source: EditionSource;
  readonly revision: number;
}

export interface AskEdition extends AskedSource {
  readonly question: Question;
}

export type Replied = Reply<Question>;

/** Reads what editions are made of, over what there is to read it with. */
export type Read = <R>(read: (bytes: EditionBytes) => Promise<R>) => Promise<R>;

/** Those of this thread. */
const kept = new KeptEditions();

export function editionsKept(): CacheState {
  return kept.state;
}

/** Answers from the edition as this thread keeps it, or makes it ready now. */
export async function answerQuestion({ question, ...asked }: AskEdition, read: Read): Promise<Replied> {
  return (await openEdition(kept, asked, read)).ask(question);
}

/** An edition ready for questions, from those that are kept or from what is stored. Its objects are read with the first question about them. */
export function openEdition(editions: KeptEditions, asked: AskedSource, read: Read): Promise<AskedEdition> {
  const { source, revision } = asked;
  return editions.get(keyOf(source), revision, async () => {
    const snapshot = await read((bytes) => readSnapshot(bytes, source));
    if (source.kind === 'draft') return new AskedEdition(snapshot, renderedNow);
    return new AskedEdition(snapshot, () => read((bytes) => readPolicies(bytes, source.blobs.yamlGzip)));
  });
}

function keyOf(source: EditionSource): string {
  switch (source.kind) {
    case 'draft':
      return `draft of ${source.environment}`;
    case 'version':
      return `${source.blobs.snapshot} ${source.blobs.yamlGzip}`;
  }
}
