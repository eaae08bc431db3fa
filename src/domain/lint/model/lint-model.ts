import type { Finding } from '../../finding.js';
import type { Snapshot } from '../../model/snapshot.js';
import { askRules } from '../rule.js';
import { modelFacts } from './model-facts.js';
import { MODEL_RULES } from './model-rules.js';

/**
 * What the rules find in all that one environment says, beside what compile notices (flows that cannot be rendered, tiers that share
 * pods) and what the proof names. None of it is an error: it never stands in the way of a publish. Refuses nothing.
 * @example lintModel(snapshot).map(({ code }) => code) // ['egress-to-everywhere']
 */
export function lintModel(snapshot: Snapshot): Finding[] {
  return askRules(MODEL_RULES, modelFacts(snapshot));
}
