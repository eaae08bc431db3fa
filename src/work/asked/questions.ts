import { SluiceError } from '../../domain/errors.js';
import { type ConnectionFilter, type ConnectionGraph, narrowed } from '../../domain/graph/connection-graph.js';
import type { DeclaredConnection } from '../../domain/graph/declared.js';
import { holdKnown, type KnownEnds } from '../../domain/graph/known-ends.js';
import { findPaths, HOPS, type PathQuestion, type Paths } from '../../domain/graph/paths.js';
import { judge } from '../../domain/verdict/judge.js';
import { type Mend, type ModelAround, mendsOf } from '../../domain/verdict/mends.js';
import type { RawQuestion } from '../../domain/verdict/question.js';
import type { Verdict } from '../../domain/verdict/verdict.js';
import type { VerdictIndex } from '../../domain/verdict/verdict-index.js';
import { objectNamed, type PolicyEntry, type PolicyIndex } from './policy-index.js';

export interface PathFilter {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly maxHops?: number | undefined;
}

/** What can be asked of an edition: values that can be cloned, as are the answers. */
export type Question =
  | { readonly kind: 'verdict'; readonly raw: RawQuestion }
  | { readonly kind: 'mends'; readonly verdict: Verdict; readonly around: ModelAround }
  | { readonly kind: 'connections'; readonly filter: ConnectionFilter }
  /** The same as JSON, in an object behind the fields of `head`: there may be as many as there are flows. */
  | { readonly kind: 'connections-json'; readonly filter: ConnectionFilter; readonly head: object }
  | { readonly kind: 'paths'; readonly filter: PathFilter }
  /** As paths, of an end that may be missing in the edition: then it reaches nothing. */
  | { readonly kind: 'reach'; readonly question: PathQuestion }
  /** What the objects say of themselves: of all, of those that a flow is in, or of one. */
  | { readonly kind: 'objects' }
  | { readonly kind: 'objects-of-flow'; readonly flow: string }
  | { readonly kind: 'object'; readonly namespace: string; readonly name: string };

/** The answer of each kind. */
interface Answers {
  readonly verdict: Verdict;
  readonly mends: readonly Mend[];
  readonly connections: readonly DeclaredConnection[];
  readonly 'connections-json': Uint8Array;
  readonly paths: Paths;
  readonly reach: Paths;
  readonly objects: readonly PolicyEntry[];
  readonly 'objects-of-flow': readonly PolicyEntry[];
  readonly object: PolicyEntry | undefined;
}

/** What answers are made from. */
export interface Indexes {
  readonly ends: KnownEnds;
  readonly graph: ConnectionGraph;
  index(): Promise<VerdictIndex>;
  objects(): Promise<PolicyIndex>;
}

export type AnswerTo<Q extends Question> = Answers[Q['kind']];

/** Refuses (invalid) what cannot be asked of the edition, naming every problem. */
export async function answer<Q extends Question>(edition: Indexes, question: Q): Promise<AnswerTo<Q>> {
  return (await answerOf(edition, question)) as AnswerTo<Q>;
}

async function answerOf(edition: Indexes, question: Question): Promise<Answers[Question['kind']]> {
  switch (question.kind) {
    case 'verdict':
      return judge(await edition.index(), question.raw);
    case 'mends':
      return mendsOf(await edition.index(), question.verdict, question.around);
    case 'connections':
      return connections(edition, question.filter);
    case 'connections-json':
      return Buffer.from(JSON.stringify({ ...question.head, connections: connections(edition, question.filter) }));
    case 'paths':
      return paths(edition, question.filter);
    case 'reach':
      return findPaths(edition.graph, question.question);
    case 'objects':
      return (await edition.objects()).entries;
    case 'objects-of-flow':
      return (await edition.objects()).byFlow.get(question.flow) ?? [];
    case 'object':
      return objectNamed(await edition.objects(), question);
  }
}

/** The connections that the flows of an edition allow. Refuses (invalid) ends that it does not know. */
function connections(edition: Indexes, filter: ConnectionFilter): readonly DeclaredConnection[] {
  holdKnown(edition.ends, filter);
  return narrowed(edition.graph, filter);
}

/** Who can be reached over several hops, by the connections of an edition. Refuses (invalid) ends that it does not know. */
function paths(edition: Indexes, filter: PathFilter): Paths {
  const question = pathQuestion(filter);
  holdKnown(edition.ends, filter);
  return findPaths(edition.graph, question);
}

/** What the `from` and `to` of a question ask for. Refuses (malformed) a question with neither. */
function pathQuestion({ from, to, maxHops = HOPS }: PathFilter): PathQuestion {
  if (from !== undefined && to !== undefined) return { kind: 'between', from, to, maxHops };
  if (from !== undefined) return { kind: 'from', from, maxHops };
  if (to !== undefined) return { kind: 'to', to, maxHops };
  throw new SluiceError('malformed', 'ask for paths with from, with to, or with both');
}
