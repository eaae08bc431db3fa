import type { FlowRule } from '../flow-facts.js';

/** A flow goes from one thing to another. NetworkPolicy has no say in what a pod does with itself. */
export const endsDiffer: FlowRule = ({ name, flow: { from, to } }) => {
  if (from === undefined || to === undefined || refOf(from) !== refOf(to)) return [];
  return [
    {
      pointer: '#/to',
      code: 'flow-to-itself',
      detail: `flow "${name}" goes from ${refOf(from)} to itself: name two different ends`,
      value: to,
    },
  ];
};

function refOf(end: { readonly tier: string } | { readonly peer: string }): string {
  return 'tier' in end ? `tier "${end.tier}"` : `peer "${end.peer}"`;
}
