import type { Direction } from '../../evaluate/grants.js';
import type { PortSet } from '../../evaluate/port-set.js';
import { NONE, type PortNumbers } from '../port-numbers.js';
import type { Declared } from '../declared/declared.js';
import type { Probe, Probes } from '../probes/probe.js';
import type { DifferenceKind } from '../proof.js';
import { compareRows, type Other } from './compare-rows.js';
import { declaredRows, spansIn, type DeclaredRows, type SpansOf } from './declared-rows.js';
import { probeFinder, type FindProbes } from './find-probes.js';
import type { Judge } from './judge.js';
import { renderedRows, type RenderedRows } from './rendered-rows.js';
import type { Scope } from './scope.js';
import { subjectsOf, type SubjectGroup } from './subjects.js';

/** All sides, declared and rendered, and what they are looked up in. */
export interface Sides {
  readonly judge: Judge;
  readonly numbers: PortNumbers;
  readonly pods: readonly Probe[];
  readonly find: FindProbes;
  readonly spansOf: SpansOf;
  readonly groups: readonly SubjectGroup[];
  /** The references of the tiers that each probe is of. */
  readonly tiersOf: readonly (readonly string[])[];
  readonly declared: DeclaredRows;
  readonly rendered: RenderedRows;
}

/** A difference not yet put in words. */
export interface RawDifference {
  readonly kind: DifferenceKind;
  readonly direction: Direction;
  readonly group: SubjectGroup;
  /** The class of the group's probes for which it was found. */
  readonly subject: number;
  readonly other: Other;
  readonly ports: PortSet;
}

/** Prepares the sides for comparison. */
export function sidesOf(declared: Declared, probes: Probes, judge: Judge, numbers: PortNumbers): Sides {
  const find = probeFinder(probes);
  const spansOf = spansIn(judge.world);
  return {
    ...{ judge, numbers, pods: probes.pods, find, spansOf },
    ...subjectsOf(probes, declared, find),
    declared: declaredRows(find, spansOf, numbers),
    rendered: renderedRows(judge.world, numbers),
  };
}

/** The differences of each group of probes that is asked about, in each direction, one list after the other. */
export function* differencesOf(sides: Sides, asks: Scope['asks']): Generator<Iterable<RawDifference>> {
  for (const group of sides.groups)
    if (asks(group.namespace))
      for (const direction of ['egress', 'ingress'] as const) yield differencesOfGroup(group, direction, sides);
}

/** The classes of the group's pods, each once: mostly the group is one pod, as a tier has one. */
function classesOf({ probes }: SubjectGroup, { classOf }: Judge): Iterable<number> {
  const classes = probes.map((id) => classOf[id] ?? -1);
  return classes.length === 1 ? classes : new Set(classes);
}

/** Each class of the group's pods against what is declared for all of them. */
function* differencesOfGroup(group: SubjectGroup, direction: Direction, sides: Sides): Generator<RawDifference> {
  const { judge, numbers } = sides;
  const own = sides.declared(direction, group);
  const ranges = judge.world.ranges[direction];
  for (const subject of classesOf(group, judge)) {
    for (const unequal of compareRows(own, sides.rendered(direction, subject), judge, ranges, numbers)) {
      const found = { direction, group, subject, other: unequal.other };
      const little = numbers.subtract(unequal.declared, unequal.rendered);
      const much = numbers.subtract(unequal.rendered, unequal.declared);
      if (little !== NONE) yield { kind: 'too-little', ...found, ports: numbers.set(little) };
      if (much !== NONE) yield { kind: 'too-much', ...found, ports: numbers.set(much) };
    }
  }
}
