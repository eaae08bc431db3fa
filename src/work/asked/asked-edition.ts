import { compile } from '../../domain/compile/compile.js';
import { type ConnectionGraph, connectionGraph } from '../../domain/graph/connection-graph.js';
import { declaredConnections } from '../../domain/graph/declared.js';
import { type KnownEnds, knownEnds } from '../../domain/graph/known-ends.js';
import type { NetworkPolicy } from '../../domain/kubernetes/network-policy.js';
import type { Snapshot } from '../../domain/model/snapshot.js';
import { render } from '../../domain/render/render.js';
import { type VerdictIndex, verdictIndex } from '../../domain/verdict/verdict-index.js';
import { indexPolicies, type PolicyIndex } from './policy-index.js';
import { answer, type AnswerTo, type Indexes, type Question } from './questions.js';

/** Of which revision of the model an answer is, and the answer. */
export interface Reply<Q extends Question> {
  readonly revision: number;
  readonly answer: AnswerTo<Q>;
}

/** What can be asked, wherever the edition is kept. */
export interface Asked {
  ask<Q extends Question>(question: Q): Promise<Reply<Q>>;
}

/** An edition and what questions are answered from: each made when it is first asked for, and kept with it. */
export class AskedEdition implements Asked, Indexes {
  private knownEnds?: KnownEnds;
  private madeGraph?: ConnectionGraph;
  private readPolicies: Promise<readonly NetworkPolicy[]> | undefined;
  private madeIndex?: VerdictIndex;
  private madeObjects?: PolicyIndex;

  constructor(
    readonly snapshot: Snapshot,
    private readonly policies: (snapshot: Snapshot) => Promise<readonly NetworkPolicy[]>,
  ) {}

  /** How much there is to keep: the indexes grow with the flows and the tiers. */
  get weight(): number {
    return this.snapshot.flows.length + this.snapshot.tiers.length;
  }

  get ends(): KnownEnds {
    return (this.knownEnds ??= knownEnds(this.snapshot));
  }

  get graph(): ConnectionGraph {
    return (this.madeGraph ??= connectionGraph(declaredConnections(this.snapshot)));
  }

  async index(): Promise<VerdictIndex> {
    const policies = await this.objectsRead();
    return (this.madeIndex ??= verdictIndex(this.snapshot, policies));
  }

  async objects(): Promise<PolicyIndex> {
    const policies = await this.objectsRead();
    return (this.madeObjects ??= indexPolicies(policies));
  }

  /** Refuses what the answer to the question refuses. */
  async ask<Q extends Question>(question: Q): Promise<Reply<Q>> {
    return { revision: this.snapshot.revision, answer: await answer(this, question) };
  }

  /** Once; and again by the next question where the objects could not be read. */
  private objectsRead(): Promise<readonly NetworkPolicy[]> {
    return (this.readPolicies ??= this.policies(this.snapshot).catch((error: unknown) => {
      this.readPolicies = undefined;
      throw error;
    }));
  }
}

/** The objects of a working model: those that a publish would render now. */
export function renderedNow(snapshot: Snapshot): Promise<readonly NetworkPolicy[]> {
  return Promise.resolve(render(compile(snapshot)));
}
