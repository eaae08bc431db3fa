import { compareText } from '../../errors.js';
import type { Endpoint } from '../../model/entities.js';
import type { FlowFacts, FlowRule } from '../flow-facts.js';
import { missing } from '../references.js';

/** Both ends exist. For a tier, the message lists the tiers that the application has. */
export const endsExist: FlowRule = (facts) => [...endExists(facts, 'from'), ...endExists(facts, 'to')];

function endExists(facts: FlowFacts, end: 'from' | 'to') {
  const endpoint: Endpoint | undefined = facts.flow[end];
  const where = `flow "${facts.name}"`;
  if (endpoint === undefined) return [];
  if ('peer' in endpoint) {
    if (facts.peers.has(endpoint.peer)) return [];
    return [missing(`#/${end}/peer`, 'peer', endpoint.peer, where, [...facts.peers].sort(compareText))];
  }
  if (facts.tiers.has(endpoint.tier)) return [];
  return [missing(`#/${end}/tier`, 'tier', endpoint.tier, where, [...facts.tiers.keys()].sort(compareText))];
}
