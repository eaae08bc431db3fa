import type { World } from '../../evaluate/world.js';
import type { Manifests } from '../../kubernetes/read-manifests.js';
import type { ServiceFacts } from '../../kubernetes/service.js';
import type { LintRule } from '../rule.js';
import { effort, type Effort } from './effort.js';
import { lintedPolicies, type LintedPolicy } from './linted-policy.js';
import { podLookup, type PodLookup } from './pod-lookup.js';
import { portLooks, type PortLook } from './port-looks.js';

/** What the rules for manifests look at: looked up once for all of them. */
export interface ManifestFacts {
  readonly manifests: Manifests;
  readonly world: World;
  readonly pods: PodLookup;
  readonly policies: readonly LintedPolicy[];
  /** Every port of every rule whose destinations are known, and what is known of it there. */
  readonly ports: readonly PortLook[];
  /** By `namespace/name`. */
  readonly services: ReadonlyMap<string, ServiceFacts>;
  readonly effort: Effort;
  /** For holding policies and rules against each other, which takes longer than looking at one. */
  readonly comparing: Effort;
}

export type ManifestRule = LintRule<ManifestFacts>;

/** Looks and steps that one lint may take in all, and comparisons: about a second each. */
const EFFORT = 5_000_000;
const COMPARING = 500_000;

/** Looks everything up that more than one rule asks for. */
export function manifestFacts(manifests: Manifests, world: World): ManifestFacts {
  const pods = podLookup(manifests);
  const policies = lintedPolicies(manifests.policies, pods);
  const bounded = effort(EFFORT);
  const services = new Map(manifests.services.map((service) => [`${service.namespace}/${service.name}`, service]));
  const ports = portLooks(manifests, pods, policies, bounded);
  return { manifests, world, pods, policies, ports, services, effort: bounded, comparing: effort(COMPARING) };
}
