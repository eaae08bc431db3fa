import { AskedEdition, renderedNow, type Reply } from '../src/work/asked/asked-edition.js';
import type { Question } from '../src/work/asked/questions.js';
import { type EstateSize, generateEstate } from './estate.js';

let edition: AskedEdition | undefined;

/** What the thread of a server does with a question, over the estate that it is asked about first. */
export function ask({
  size,
  question,
}: {
  readonly size: EstateSize;
  readonly question: Question;
}): Promise<Reply<Question>> {
  edition ??= new AskedEdition(generateEstate(size), renderedNow);
  return edition.ask(question);
}
