import { extentOf, type Extent } from '../addresses.js';
import { someOf } from '../rule.js';
import type { FieldPath } from '../../kubernetes/fields.js';
import type { IpBlock } from '../../kubernetes/network-policy.js';
import type { LintedPolicy, LintedRule } from './linted-policy.js';
import { isForDnsOnly } from './rule-ports.js';

/** What one egress rule reaches outside, or several rules of a policy together. */
export interface EgressReach {
  readonly policy: LintedPolicy;
  readonly path: FieldPath;
  readonly rules: readonly LintedRule[];
  /** None: the rule has no `to`. */
  readonly blocks: readonly IpBlock[];
  readonly extent: Extent;
}

/** How far the egress of each policy reaches: rule by rule, and where no rule does so alone, all of them together. */
export function egressReaches(policies: readonly LintedPolicy[]): EgressReach[] {
  return policies.flatMap((policy) => {
    const rules = policy.rules.filter((rule) => rule.direction === 'egress' && !isForDnsOnly(rule));
    const alone = rules.map((rule) => reachOf(policy, rule.path, [rule]));
    if (alone.some(({ extent }) => extent !== 'somewhere')) return alone;
    const withBlocks = rules.filter((rule) => blocksOf(rule).length > 0);
    return withBlocks.length < 2 ? alone : [...alone, reachOf(policy, ['spec', 'egress'], withBlocks)];
  });
}

function reachOf(policy: LintedPolicy, path: FieldPath, rules: readonly LintedRule[]): EgressReach {
  const blocks = rules.flatMap(blocksOf);
  const toAnyone = rules.some(({ peers }) => peers === undefined);
  return { policy, path, rules, blocks: toAnyone ? [] : blocks, extent: toAnyone ? 'everywhere' : extentOf(blocks) };
}

function blocksOf({ peers }: LintedRule): IpBlock[] {
  return (peers ?? []).flatMap(({ peer }) => peer.ipBlock ?? []);
}

/** Blocks in one line. */
export function formatReach(blocks: readonly IpBlock[]): string {
  return someOf(
    blocks.map(({ cidr, except = [] }) => (except.length === 0 ? cidr : `${cidr} except ${someOf(except)}`)),
  );
}
