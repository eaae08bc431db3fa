import { compareText } from '../../errors.js';
import type { Declared } from '../declared/declared.js';
import type { Probes } from '../probes/probe.js';
import type { Subject } from './declared-rows.js';
import type { FindProbes } from './find-probes.js';

/** Probes of one namespace that are of the same tiers: the same is declared for them. */
export interface SubjectGroup extends Subject {
  readonly namespace: string;
  readonly probes: readonly number[];
}

export interface Subjects {
  readonly groups: readonly SubjectGroup[];
  /** The references of the tiers that each probe is of. */
  readonly tiersOf: readonly (readonly string[])[];
}

/** Groups the probes by namespace and by the tiers whose selectors they match. */
export function subjectsOf({ pods }: Probes, { tiers, namespaces, defaultDeny }: Declared, find: FindProbes): Subjects {
  const indexesOf = pods.map((): number[] => []);
  for (const [index, { set }] of tiers.entries()) for (const id of find(set)) indexesOf[id]?.push(index);
  const managed = new Set(namespaces);
  const groups = new Map<string, number[]>();
  for (const [id, { namespace }] of pods.entries()) {
    const key = `${namespace} ${indexesOf[id]?.join() ?? ''}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [id]);
    else group.push(id);
  }
  const sorted = [...groups].sort(([a], [b]) => compareText(a, b));
  return {
    groups: sorted.map(([, probes]) => {
      const [first = -1] = probes;
      const own = (indexesOf[first] ?? []).map((index) => tiers[index]).filter((tier) => tier !== undefined);
      const namespace = pods[first]?.namespace ?? '';
      return { namespace, tiers: own, denied: defaultDeny && managed.has(namespace), probes };
    }),
    tiersOf: indexesOf.map((indexes) => indexes.map((index) => tiers[index]?.ref ?? '')),
  };
}
