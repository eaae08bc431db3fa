import { placePeers } from '../compile/place-peers.js';
import { placeTiers } from '../compile/place-tiers.js';
import { resolveFlows, type ResolvedEnd, type ResolvedFlow } from '../compile/resolve-flows.js';
import { compareText } from '../errors.js';
import { formatPort } from '../model/ports.js';
import type { Snapshot } from '../model/snapshot.js';
import { describeReach } from './describe-reach.js';

/** What may happen to a flow between two snapshots of an environment, in terms of what is rendered: a closed list. */
export const FLOW_CHANGE_KINDS = [
  'flow-added', // rendered after and not before: new, or its tiers are placed now, or it holds here now
  'flow-removed', // rendered before and not after
  'flow-source-changed', // another source, or the same with other labels, namespace or addresses
  'flow-destination-changed', // another destination, or the same with other labels, namespace or addresses
  'flow-ports-changed', // other numbers, also where the name of the port is the same
] as const;
export type FlowChangeKind = (typeof FLOW_CHANGE_KINDS)[number];

/** One difference. `before` and `after` are for people: both ends and the ports, or the part that changed. */
export interface FlowChange {
  readonly kind: FlowChangeKind;
  readonly flow: string;
  readonly before?: string;
  readonly after?: string;
}

/**
 * How the rendered flows of an environment differ, by flow and kind. What people read (reasons, descriptions) and flows that are
 * rendered on neither side do not count: `diffFlows(a, a)` is empty, and so is a diff that would change no object.
 * @example diffFlows(before, after) // [{ kind: 'flow-ports-changed', flow: 'web-to-api', before: 'TCP 80', after: 'TCP 8080' }]
 */
export function diffFlows(before: Snapshot, after: Snapshot): FlowChange[] {
  const old = renderedFlows(before);
  const changes: FlowChange[] = [];
  for (const [name, flow] of renderedFlows(after)) {
    const known = old.get(name);
    old.delete(name);
    if (known === undefined) changes.push({ kind: 'flow-added', flow: name, after: describeFlow(flow) });
    else changes.push(...diffFlow(known, flow));
  }
  for (const [name, flow] of old) changes.push({ kind: 'flow-removed', flow: name, before: describeFlow(flow) });
  return changes.sort(
    (a, b) => compareText(a.flow, b.flow) || FLOW_CHANGE_KINDS.indexOf(a.kind) - FLOW_CHANGE_KINDS.indexOf(b.kind),
  );
}

function renderedFlows(snapshot: Snapshot): Map<string, ResolvedFlow> {
  const { flows } = resolveFlows(snapshot, placeTiers(snapshot), placePeers(snapshot));
  return new Map(flows.map((flow) => [flow.name, flow]));
}

function diffFlow(before: ResolvedFlow, after: ResolvedFlow): FlowChange[] {
  const changes: FlowChange[] = [];
  const add = (kind: FlowChangeKind, old: string, now: string): unknown =>
    changes.push({ kind, flow: after.name, before: old, after: now });
  if (endKey(before.from) !== endKey(after.from))
    add('flow-source-changed', describeEnd(before.from), describeEnd(after.from));
  if (endKey(before.to) !== endKey(after.to))
    add('flow-destination-changed', describeEnd(before.to), describeEnd(after.to));
  if (before.ports.key !== after.ports.key) add('flow-ports-changed', describePorts(before), describePorts(after));
  return changes;
}

/** All that is rendered of an end: the tier whose object holds it, and how the other end sees it. The name of a peer is not. */
function endKey({ tier, seen }: ResolvedEnd): string {
  return JSON.stringify([tier?.ref, seen === 'anywhere' ? seen : seen.map((peer) => peer.key).sort(compareText)]);
}

function describeFlow(flow: ResolvedFlow): string {
  return `${describeEnd(flow.from)} -> ${describeEnd(flow.to)} : ${describePorts(flow)}`;
}

function describeEnd(end: ResolvedEnd): string {
  return `${end.text} (${describeReach(end.seen)})`;
}

function describePorts(flow: ResolvedFlow): string {
  return flow.ports.ranges.map(formatPort).join(', ');
}
