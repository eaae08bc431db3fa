import { compareText } from '../errors.js';
import type { ContainerPort, WorkloadFacts } from '../kubernetes/workload.js';
import { parseAddress, type Family } from '../model/cidr.js';
import type { Labels } from '../model/labels.js';
import type { EvaluateOptions } from './options.js';
import { rangeOfAddress, type AddressRange } from './ranges.js';
import { labelsKey } from './selector.js';

export interface Address {
  readonly family: Family;
  readonly value: bigint;
}

const FAMILIES: readonly Family[] = ['IPv4', 'IPv6'];

/** Pods that no policy of this world can tell apart. A workload has one class or, where its pods differ, more. */
export interface PodClass {
  readonly id: number;
  readonly namespace: string;
  /** Those that some selector asks for: others cannot tell pods apart. */
  readonly labels: Labels;
  /** `TCP/http` -> the numbers that the name stands for in these pods. The ports of a node have no names. */
  readonly namedPorts: ReadonlyMap<string, readonly number[]>;
  /** On the host network, where options say that this makes a pod part of its node. */
  readonly onNode: boolean;
  /** What ipBlocks match these pods by: empty where no address is known, or where ipBlocks never match pods. */
  readonly addresses: readonly Address[];
  /** The families that the pods speak: both where no address is known. */
  readonly families: readonly Family[];
  /** The nodes the pods run on; given only to tell which pod is on which node's host network. */
  readonly nodes: readonly string[];
}

/** What can tell pods apart: the label keys of all selectors, and the ranges of addresses between which ipBlocks distinguish. */
export interface Distinctions {
  readonly labelKeys: ReadonlySet<string>;
  readonly ranges: readonly AddressRange[];
}

/**
 * The class of each kind of pods, in the order of `workloads`, and the distinct classes: replicas, and whatever else no
 * policy distinguishes, fall together.
 */
export function collapse(
  workloads: readonly WorkloadFacts[],
  { labelKeys, ranges }: Distinctions,
  options: EvaluateOptions,
): { classes: readonly PodClass[]; classOf: readonly number[] } {
  const someOnNode = options.hostNetwork === 'node' && workloads.some((workload) => workload.hostNetwork === true);
  const classes = new Map<string, PodClass>();
  const classOf = workloads.map((workload) => {
    const facts = factsOf(workload, asked(workload.labels, labelKeys), classes.size, options, someOnNode);
    const key = classKey(facts, ranges);
    const known = classes.get(key);
    if (known !== undefined) return known.id;
    classes.set(key, facts);
    return facts.id;
  });
  return { classes: [...classes.values()], classOf };
}

/** The labels that some selector asks for: mostly all of them. */
function asked(labels: Labels, labelKeys: ReadonlySet<string>): Labels {
  if (Object.keys(labels).every((key) => labelKeys.has(key))) return labels;
  return Object.fromEntries(Object.entries(labels).filter(([key]) => labelKeys.has(key)));
}

function factsOf(
  workload: WorkloadFacts,
  labels: Labels,
  id: number,
  options: EvaluateOptions,
  someOnNode: boolean,
): PodClass {
  const onNode = workload.hostNetwork === true && options.hostNetwork === 'node';
  const own = workload.addresses ?? [];
  const texts = onNode && own.length === 0 ? (workload.hostAddresses ?? []) : own;
  const parsed =
    texts.length === 0 ? NOWHERE : texts.map((text) => parseAddress(text)).filter((address) => address !== undefined);
  const { namedPorts = [] } = workload;
  return {
    id,
    namespace: workload.namespace,
    labels,
    namedPorts: onNode || namedPorts.length === 0 ? NO_NAMES : resolveNames(namedPorts, options),
    onNode,
    addresses: options.ipBlockMatchesPods ? parsed : NOWHERE,
    families:
      parsed.length === 0 ? FAMILIES : FAMILIES.filter((family) => parsed.some((address) => address.family === family)),
    nodes: someOnNode ? [...(workload.hostAddresses ?? (onNode ? own : []))].sort(compareText) : NO_NODES,
  };
}

/** A name counts only with its protocol; under `first` only the first port of a name counts, whatever its protocol. */
function resolveNames(ports: readonly ContainerPort[], options: EvaluateOptions): Map<string, readonly number[]> {
  const counted = ports.filter((port) => options.sidecarNamedPorts || port.container !== 'sidecar');
  const chosen =
    options.namedPorts === 'union'
      ? counted
      : [...new Map([...counted].reverse().map((port) => [port.name, port])).values()];
  const numbers = new Map<string, readonly number[]>();
  for (const { protocol, name, port } of chosen) {
    const key = `${protocol}/${name}`;
    numbers.set(
      key,
      [...new Set([...(numbers.get(key) ?? []), port])].sort((a, b) => a - b),
    );
  }
  return numbers;
}

const NO_NAMES: PodClass['namedPorts'] = new Map();
const NOWHERE: readonly Address[] = [];
const NO_NODES: readonly string[] = [];

/** The labels last: what JSON is made of has no line breaks. */
function classKey(facts: PodClass, ranges: readonly AddressRange[]): string {
  return `${facts.namespace.length}:${facts.namespace}${restKey(facts, ranges)}\n${labelsKey(facts.labels)}`;
}

/** What pods differ in beside their labels; nothing is known of it of most. */
function restKey(facts: PodClass, ranges: readonly AddressRange[]): string {
  const { namedPorts, onNode, addresses, families, nodes } = facts;
  if (namedPorts.size === 0 && !onNode && addresses.length === 0 && families === FAMILIES && nodes.length === 0)
    return '';
  const places = addresses.map(({ family, value }) => `${family}:${rangeOfAddress(ranges, family, value)}`);
  return JSON.stringify([
    [...namedPorts].sort(([a], [b]) => compareText(a, b)),
    onNode,
    families,
    [...new Set(places)].sort(compareText),
    nodes,
  ]);
}
