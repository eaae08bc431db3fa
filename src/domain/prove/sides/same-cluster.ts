import type { World } from '../../evaluate/world.js';
import type { Probe, Probes } from '../probes/probe.js';
import { sameList } from '../spaces/same-tiers.js';

/** True where two clusters have the same pods in the same namespaces, by the same numbers. */
export function sameCluster(a: Probes, b: Probes): boolean {
  return sameList(a.pods, b.pods, sameProbe) && sameList(a.namespaces, b.namespaces, sameNamespace);
}

function sameProbe(a: Probe, b: Probe): boolean {
  return a.namespace === b.namespace && sameLabels(a.labels, b.labels);
}

function sameNamespace(a: Probes['namespaces'][number], b: Probes['namespaces'][number]): boolean {
  return a.name === b.name && sameLabels(a.labels, b.labels);
}

function sameLabels(a: Probe['labels'], b: Probe['labels']): boolean {
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && a[key] === b[key]);
}

/** True where addresses are cut into the same ranges. */
export function sameRanges(a: World['ranges'], b: World['ranges']): boolean {
  return sameCut(a.ingress, b.ingress) && sameCut(a.egress, b.egress);
}

function sameCut(ones: World['ranges']['ingress'], others: World['ranges']['ingress']): boolean {
  return sameList(ones, others, (a, b) => a.family === b.family && a.first === b.first && a.last === b.last);
}
