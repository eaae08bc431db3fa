import type { NamespaceFacts } from '../../kubernetes/workload.js';
import type { Labels } from '../../model/labels.js';
import { NAMESPACE_NAME } from '../pods/pod-set.js';
import { presentOnly, unnamed, type Witness } from '../pods/witness.js';

/** The namespaces of one made-up cluster, as they are called for. */
export interface MadeNamespaces {
  /** Finds or makes the namespace of a witness, with the labels that the witness needs, as far as others leave them open. */
  readonly nameFor: (witness: Witness) => string;
  readonly labelsOf: (name: string) => Labels;
  readonly all: () => readonly NamespaceFacts[];
}

/** A label decided: its value, or that it is absent. */
type Decided = Map<string, string | undefined>;

/**
 * Begins with no namespace. What a namespace of a given name is labelled with is open until the first witness says something of it;
 * for witnesses that need labels but no name, there is a namespace for each choice of labels, with a name that none of `taken` is.
 */
export function madeNamespaces(taken: ReadonlySet<string>): MadeNamespaces {
  const decided = new Map<string, Decided>();
  const made = new Map<string, string>();
  const ensure = (name: string): Decided => {
    const known = decided.get(name);
    if (known !== undefined) return known;
    const begun: Decided = new Map([[NAMESPACE_NAME, name]]);
    decided.set(name, begun);
    return begun;
  };
  const make = (labels: Labels): string => {
    const key = JSON.stringify(Object.entries(labels));
    const name = made.get(key) ?? unnamed('made-up', [...taken, ...made.values()]);
    made.set(key, name);
    return name;
  };
  return {
    nameFor: ({ namespace, namespaceLabels }) => {
      const name = namespace ?? make(presentOnly(namespaceLabels));
      const known = ensure(name);
      for (const [label, value] of namespaceLabels) if (!known.has(label)) known.set(label, value);
      return name;
    },
    labelsOf: (name) => presentOnly([...ensure(name)]),
    all: () => [...decided].map(([name, labels]) => ({ name, labels: presentOnly([...labels]) })),
  };
}
