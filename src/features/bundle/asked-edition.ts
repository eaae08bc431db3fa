import { compile } from '../../domain/compile/compile.js';
import { type ConnectionGraph, connectionGraph } from '../../domain/graph/connection-graph.js';
import { declaredConnections } from '../../domain/graph/declared.js';
import { type KnownEnds, knownEnds } from '../../domain/graph/known-ends.js';
import type { NetworkPolicy } from '../../domain/kubernetes/network-policy.js';
import type { Snapshot } from '../../domain/model/snapshot.js';
import { render } from '../../domain/render/render.js';
import { type VerdictIndex, verdictIndex } from '../../domain/verdict/verdict-index.js';

/** An edition and what questions are answered from: each made when it is first asked for, and kept with it. */
export class AskedEdition {
  private knownEnds?: KnownEnds;
  private madeGraph?: ConnectionGraph;
  private madeIndex: Promise<VerdictIndex> | undefined;

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

  /** Made anew by the next question where the objects could not be read. */
  get index(): Promise<VerdictIndex> {
    return (this.madeIndex ??= this.makeIndex().catch((error: unknown) => {
      this.madeIndex = undefined;
      throw error;
    }));
  }

  private async makeIndex(): Promise<VerdictIndex> {
    return verdictIndex(this.snapshot, await this.policies(this.snapshot));
  }
}

/** The objects of a working model: those that a publish would render now. */
export function renderedNow(snapshot: Snapshot): Promise<readonly NetworkPolicy[]> {
  return Promise.resolve(render(compile(snapshot)));
}
