import type { FlowRule } from '../flow-facts.js';

/** Policies select the pods of tiers, so between two peers there is nothing to render. */
export const oneEndIsATier: FlowRule = ({ name, flow: { from, to } }) => {
  if (from === undefined || to === undefined || 'tier' in from || 'tier' in to) return [];
  const detail = `flow "${name}" joins two peers, "${from.peer}" and "${to.peer}": at least one end must be a tier`;
  return [{ pointer: '#/to', code: 'flow-between-peers', detail, value: to }];
};
