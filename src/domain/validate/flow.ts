import type { Problem } from '../errors.js';
import type { FlowFacts, FlowRule } from './flow-facts.js';
import { endsDiffer } from './flow-rules/ends-differ.js';
import { endsExist } from './flow-rules/ends-exist.js';
import { environmentsExist } from './flow-rules/environments-exist.js';
import { notADuplicate } from './flow-rules/not-a-duplicate.js';
import { oneEndIsATier } from './flow-rules/one-end-is-a-tier.js';
import { portsKnown } from './flow-rules/ports-known.js';

/** Every rule of a flow that its own shape cannot tell. */
const RULES: readonly FlowRule[] = [endsExist, endsDiffer, oneEndIsATier, portsKnown, environmentsExist, notADuplicate];

/**
 * All problems of a flow against the model around it; none where it may be stored.
 * @example flowProblems({ ...facts, flow: { from: web, to: web } }) // [{ code: 'flow-to-itself', ... }]
 */
export function flowProblems(facts: FlowFacts): Problem[] {
  return RULES.flatMap((rule) => rule(facts));
}
