import { compareText } from '../../errors.js';
import type { Grant } from '../../evaluate/grants.js';
import { pairsOf } from '../../evaluate/intervals.js';
import { portsAt } from '../../evaluate/port-rule.js';
import { formatPortSet, intersectPorts, isNoPorts } from '../../evaluate/port-set.js';
import type { AddressRange } from '../../evaluate/ranges.js';
import { formatAddress } from '../../model/cidr.js';
import type { DeclaredRule } from '../declared/declared-tier.js';
import type { Probe } from '../probes/probe.js';
import type { Difference } from '../proof.js';
import type { Judge } from './judge.js';
import { meansEveryone } from './rendered-rows.js';
import type { RawDifference, Sides } from './sides.js';

/** Names who, what and where: the tier or the pod, the other end, the ports, and the objects and flows behind them. */
export function worded(raw: RawDifference, sides: Sides): Difference {
  const { kind, direction, group, ports } = raw;
  const rules = group.tiers.flatMap((tier) => tier.rules[direction]).filter((rule) => concerns(rule, raw, sides));
  return {
    ...{ kind, direction, subject: subjectText(raw, sides), tiers: group.tiers.map(({ ref }) => ref) },
    ...{ other: otherText(raw, sides), ports: formatPortSet(ports), policies: policiesOf(raw, sides) },
    flows: names(rules.flatMap(({ source }) => (source.kind === 'flow' ? [source.flow] : []))),
    profile: names(rules.flatMap(({ source }) => (source.kind === 'profile' ? [source.fact] : []))),
  };
}

function names<T extends string>(all: readonly T[]): readonly T[] {
  return [...new Set(all)].sort(compareText);
}

/** The text by which differences of one subject are told apart and ordered. */
export function subjectText({ group, subject }: RawDifference, { judge, pods }: Sides): string {
  if (group.tiers.length > 0) return group.tiers.map(({ ref }) => ref).join(' and ');
  const id = group.probes.find((one) => judge.classOf[one] === subject) ?? -1;
  return podText(pods[id]);
}

export function otherText({ other, direction }: RawDifference, { judge, pods, tiersOf }: Sides): string {
  switch (other.kind) {
    case 'rest':
      return 'anyone else';
    case 'probe': {
      const tiers = tiersOf[other.id] ?? [];
      return tiers.length > 0 ? tiers.join(' and ') : podText(pods[other.id]);
    }
    case 'ranges':
      return rangesText(judge.world.ranges[direction], other.first, other.last);
  }
}

/** `10.0.0.0-10.0.0.255`, or one address. */
function rangesText(ranges: readonly AddressRange[], from: number, to: number): string {
  const [start, end] = [ranges[from], ranges[to]];
  if (start === undefined || end === undefined) return 'no address';
  const [first, last] = [formatAddress(start.family, start.first), formatAddress(end.family, end.last)];
  return first === last ? first : `${first}-${last}`;
}

/** `pod app=web,track=canary in namespace shop`. */
function podText(pod: Probe | undefined): string {
  const labels = Object.entries(pod?.labels ?? {}).map(([key, value]) => `${key}=${value}`);
  const which = labels.length === 0 ? 'without labels' : labels.sort(compareText).join();
  return `pod ${which} in namespace ${pod?.namespace ?? ''}`;
}

/** A rule is concerned where it means the other end, and where something is missing, only if it asks for some of that. */
function concerns({ end, ports }: DeclaredRule, raw: RawDifference, { find, spansOf, numbers }: Sides): boolean {
  const { other, direction, kind } = raw;
  if (kind === 'too-little' && isNoPorts(intersectPorts(numbers.set(ports), raw.ports))) return false;
  if (end.kind === 'everyone') return true;
  if (other.kind === 'rest') return false;
  if (end.kind === 'pods') return other.kind === 'probe' && find(end.pods).includes(other.id);
  return (
    other.kind === 'ranges' &&
    spansOf(end, direction, ports).some((span) => span.first <= other.first && other.last <= span.last)
  );
}

/** Where too much is allowed: the objects that allow it. Where too little is: all that isolate the pods. */
function policiesOf(raw: RawDifference, { judge }: Sides): readonly string[] {
  const { kind, direction, subject, ports } = raw;
  const sides = judge.world.isolation[direction].get(subject) ?? [];
  const allows = (grant: Grant): boolean =>
    !isNoPorts(intersectPorts(portsAt(grant.ports, undefined), ports)) && grantMeans(grant, raw, judge);
  const concerned = kind === 'too-much' ? sides.filter(({ grants }) => grants.some(allows)) : sides;
  return names(concerned.map(({ policy }) => policy));
}

function grantMeans(grant: Grant, { other, direction }: RawDifference, { world, classOf }: Judge): boolean {
  const { parts, ranges } = grant.peers;
  switch (other.kind) {
    case 'rest':
      return meansEveryone(grant, world, direction);
    case 'probe':
      return parts.some(({ classes }) => classes.has(classOf[other.id] ?? -1));
    case 'ranges':
      return pairsOf(ranges).some(([first, last]) => first <= other.first && other.first <= last);
  }
}
