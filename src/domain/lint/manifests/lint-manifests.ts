import { buildWorld } from '../../evaluate/world.js';
import { worldFindings } from '../../evaluate/world-findings.js';
import { sortFindings, type Finding } from '../../finding.js';
import type { Manifests } from '../../kubernetes/read-manifests.js';
import { askRules } from '../rule.js';
import type { LintedPolicy } from './linted-policy.js';
import { manifestFacts, type ManifestFacts } from './manifest-facts.js';
import { MANIFEST_RULES } from './manifest-rules.js';
import { whyNobody } from './why-nobody.js';

/**
 * Everything worth saying about manifests: what their reader and the evaluator notice, and what the rules find. Takes manifests as
 * readManifests gives them; refuses only what is too large to judge.
 * @example lintManifests(readManifests(text)).map(({ code, path }) => `${code} ${path}`) // ['service-port-used shop/db spec.ingress[0].ports[0].port']
 */
export function lintManifests(manifests: Manifests): Finding[] {
  const world = buildWorld(manifests);
  const facts = manifestFacts(manifests, world);
  const byRef = new Map(facts.policies.map((policy) => [policy.ref, policy]));
  const noticed = worldFindings(world).flatMap((finding) => explained(finding, byRef.get(finding.path), facts));
  const found = askRules(MANIFEST_RULES, facts);
  return sortFindings([...manifests.findings, ...noticed, ...found, ...givenUp(facts)]);
}

/** That a policy selects nothing is said by the evaluator; here with the reason, and not of namespaces that are not given. */
function explained(finding: Finding, policy: LintedPolicy | undefined, facts: ManifestFacts): Finding[] {
  if (finding.code !== 'policy-selects-nothing') return [finding];
  if (policy === undefined || !facts.pods.isSeen(policy.namespace)) return [];
  const why = whyNobody(facts, [policy.namespace], policy.policy.spec.podSelector);
  return [{ ...finding, path: `${policy.ref} spec.podSelector`, message: `${finding.message}: ${why}` }];
}

/** Comparing everything with everything has an end. */
function givenUp({ effort, comparing }: ManifestFacts): Finding[] {
  if (!effort.isSpent() && !comparing.isSpent()) return [];
  const message =
    'there was too much to compare: rules that hold policies, rules and pods against each other looked at a part of them';
  const mend = 'Lint fewer manifests at a time, a namespace or an application.';
  return [{ code: 'lint-given-up', severity: 'info', path: 'manifests', message, mend }];
}
