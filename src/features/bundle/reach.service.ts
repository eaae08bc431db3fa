import type { ConnectionFilter } from '../../domain/graph/connection-graph.js';
import type { DeclaredConnection } from '../../domain/graph/declared.js';
import type { Paths } from '../../domain/graph/paths.js';
import type { Mend, ModelAround } from '../../domain/verdict/mends.js';
import type { RawQuestion } from '../../domain/verdict/question.js';
import { sentences } from '../../domain/verdict/sentences.js';
import type { Verdict } from '../../domain/verdict/verdict.js';
import { type RequestContext, requireScope } from '../../platform/context.js';
import type { PathFilter } from '../../work/asked/questions.js';
import type { AskedEditionLoader, FoundEdition } from './asked-edition.loader.js';
import type { AuthorshipLoader, FlowAuthorship } from './authorship.loader.js';
import type { EditionRef } from './bundle.service.js';
import type { ModelAroundLoader } from './model-around.loader.js';

/** A list of paths, and of which edition it is. */
export type Of<T> = { readonly environment: string; readonly version: number | 'draft' } & T;

/** A question answered, and what it was answered from. */
export interface Judged {
  readonly at: FoundEdition;
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

  /** The connections that the flows of an edition allow, as JSON: there may be as many as there are flows. */
  async connections(ctx: RequestContext, at: EditionRef, filter: ConnectionFilter): Promise<Uint8Array> {
    const { environment, version, edition } = await this.find(ctx, at);
    return (await edition.ask({ kind: 'connections-json', head: { environment, version }, filter })).answer;
  }

  async paths(ctx: RequestContext, at: EditionRef, filter: PathFilter): Promise<Of<Paths>> {
    const found = await this.find(ctx, at);
    return { environment: found.environment, version: found.version, ...(await pathsOf(found, filter)) };
  }

  /** May one reach the other, why, and what would have to change? */
  async reachability(ctx: RequestContext, at: EditionRef, raw: RawQuestion): Promise<Told> {
    return this.tell(await this.judge(await this.find(ctx, at), raw));
  }

  /** May one reach the other? Refuses (invalid) what cannot be asked of the edition, naming every problem. */
  async judge(found: FoundEdition, raw: RawQuestion): Promise<Judged> {
    const { revision, answer: verdict } = await found.edition.ask({ kind: 'verdict', raw });
    return { at: found.version === 'draft' ? { ...found, revision } : found, verdict };
  }

  /** All there is to say of an answer: who declared what is behind it, how to mend it, and both in sentences. */
  async tell({ at, verdict }: Judged, { authorsOf, around }: Sources = this.atOnce): Promise<Told> {
    const names = verdict.flows.map(({ name }) => name);
    const [authors, mends] = await Promise.all([authorsOf(at, names), this.mends(at, verdict, around)]);
    return { at, verdict, authors, mends, sentences: sentences(verdict, { ...at, authors, mends }) };
  }

  private async mends(
    { edition }: FoundEdition,
    verdict: Verdict,
    around: Sources['around'],
  ): Promise<readonly Mend[]> {
    if (verdict.allowed) return [];
    return (await edition.ask({ kind: 'mends', verdict, around: await around(verdict) })).answer;
  }
}

/** The connections that the flows of an edition allow. Refuses (invalid) ends that it does not know. */
export async function connectionsOf(
  { edition }: FoundEdition,
  filter: ConnectionFilter,
): Promise<readonly DeclaredConnection[]> {
  return (await edition.ask({ kind: 'connections', filter })).answer;
}

/** Who can be reached over several hops, by the connections of an edition. Refuses (invalid) ends that it does not know. */
export async function pathsOf({ edition }: FoundEdition, filter: PathFilter): Promise<Paths> {
  return (await edition.ask({ kind: 'paths', filter })).answer;
}
