import { SluiceError } from '../../domain/errors.js';
import { type ConnectionFilter, narrowed } from '../../domain/graph/connection-graph.js';
import type { DeclaredConnection } from '../../domain/graph/declared.js';
import { holdKnown } from '../../domain/graph/known-ends.js';
import { findPaths, HOPS, type PathQuestion, type Paths } from '../../domain/graph/paths.js';
import { judge } from '../../domain/verdict/judge.js';
import { type Mend, type ModelAround, mendsOf } from '../../domain/verdict/mends.js';
import type { RawQuestion } from '../../domain/verdict/question.js';
import { sentences } from '../../domain/verdict/sentences.js';
import type { Verdict } from '../../domain/verdict/verdict.js';
import type { VerdictIndex } from '../../domain/verdict/verdict-index.js';
import { type RequestContext, requireScope } from '../../platform/context.js';
import type { AskedEditionLoader, FoundEdition } from './asked-edition.loader.js';
import type { AuthorshipLoader, FlowAuthorship } from './authorship.loader.js';
import type { EditionRef } from './bundle.service.js';
import type { ModelAroundLoader } from './model-around.loader.js';

export interface PathFilter {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly maxHops?: number | undefined;
}

export interface Connections {
  readonly connections: readonly DeclaredConnection[];
}

/** A list of connections or paths, and of which edition it is. */
export type Of<T> = { readonly environment: string; readonly version: number | 'draft' } & T;

/** A question answered, and what it was answered from. */
export interface Judged {
  readonly at: FoundEdition;
  readonly index: VerdictIndex;
  readonly verdict: Verdict;
}

/** A verdict with all there is to tell of it. */
export interface Told extends Judged {
  readonly authors: ReadonlyMap<string, FlowAuthorship>;
  readonly mends: readonly Mend[];
  readonly sentences: readonly string[];
}

/** What is told of a verdict comes from the database: for one answer at once, or for many in one round trip. */
export interface Sources {
  readonly authorsOf: (at: FoundEdition, flows: readonly string[]) => Promise<ReadonlyMap<string, FlowAuthorship>>;
  readonly around: (verdict: Verdict) => Promise<ModelAround>;
}

/** Who may reach whom, of a version or of the working model, and why. */
export class ReachService {
  private readonly atOnce: Sources;

  constructor(
    private readonly editions: AskedEditionLoader,
    authorship: AuthorshipLoader,
    model: ModelAroundLoader,
  ) {
    this.atOnce = {
      authorsOf: (at, flows) => authorship.of(at, flows),
      around: (verdict) => model.of(verdict),
    };
  }

  private async find(ctx: RequestContext, { environment, version }: EditionRef): Promise<FoundEdition> {
    requireScope(ctx, 'read', environment);
    return this.editions.find(environment, version);
  }

  async connections(ctx: RequestContext, at: EditionRef, filter: ConnectionFilter): Promise<Of<Connections>> {
    return connectionsOf(await this.find(ctx, at), filter);
  }

  async paths(ctx: RequestContext, at: EditionRef, filter: PathFilter): Promise<Of<Paths>> {
    return pathsOf(await this.find(ctx, at), filter);
  }

  /** May one reach the other, why, and what would have to change? */
  async reachability(ctx: RequestContext, at: EditionRef, raw: RawQuestion): Promise<Told> {
    return this.tell(await this.judge(await this.find(ctx, at), raw));
  }

  /** May one reach the other? Refuses (invalid) what cannot be asked of the edition, naming every problem. */
  async judge(at: FoundEdition, raw: RawQuestion): Promise<Judged> {
    const index = await at.edition.index;
    return { at, index, verdict: judge(index, raw) };
  }

  /** All there is to say of an answer: who declared what is behind it, how to mend it, and both in sentences. */
  async tell({ at, index, verdict }: Judged, { authorsOf, around }: Sources = this.atOnce): Promise<Told> {
    const names = verdict.flows.map(({ name }) => name);
    const [authors, model] = await Promise.all([authorsOf(at, names), around(verdict)]);
    const mends = mendsOf(index, verdict, model);
    return { at, index, verdict, authors, mends, sentences: sentences(verdict, { ...at, authors, mends }) };
  }
}

/** The connections that the flows of an edition allow. Refuses (invalid) ends that it does not know. */
export function connectionsOf(
  { environment, version, edition }: FoundEdition,
  filter: ConnectionFilter,
): Of<Connections> {
  holdKnown(edition.ends, filter);
  return { environment, version, connections: narrowed(edition.graph, filter) };
}

/** Who can be reached over several hops, by the connections of an edition. Refuses (invalid) ends that it does not know. */
export function pathsOf({ environment, version, edition }: FoundEdition, filter: PathFilter): Of<Paths> {
  const question = questionOf(filter);
  holdKnown(edition.ends, filter);
  return { environment, version, ...findPaths(edition.graph, question) };
}

/** What the `from` and `to` of a question ask for. Refuses (malformed) a question with neither. */
function questionOf({ from, to, maxHops = HOPS }: PathFilter): PathQuestion {
  if (from !== undefined && to !== undefined) return { kind: 'between', from, to, maxHops };
  if (from !== undefined) return { kind: 'from', from, maxHops };
  if (to !== undefined) return { kind: 'to', to, maxHops };
  throw new SluiceError('malformed', 'ask for paths with from, with to, or with both');
}
