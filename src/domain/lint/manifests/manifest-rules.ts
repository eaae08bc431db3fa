import type { ManifestRule } from './manifest-facts.js';
import { blockCoversPods } from './rules/block-covers-pods.js';
import { blockEmpty } from './rules/block-empty.js';
import { dnsUnreachable } from './rules/dns-unreachable.js';
import { dnsWithoutTcp } from './rules/dns-without-tcp.js';
import { egressOnEveryPort } from './rules/egress-on-every-port.js';
import { egressToEverywhere } from './rules/egress-to-everywhere.js';
import { egressToMetadata } from './rules/egress-to-metadata.js';
import { emptyListWithoutType } from './rules/empty-list-without-type.js';
import { endPortWithoutEffect } from './rules/end-port-without-effect.js';
import { ingressFromAnyone } from './rules/ingress-from-anyone.js';
import { labelInAnyNamespace } from './rules/label-in-any-namespace.js';
import { noDefaultDeny } from './rules/no-default-deny.js';
import { noDefaultDenyEgress } from './rules/no-default-deny-egress.js';
import { openToEveryNamespace } from './rules/open-to-every-namespace.js';
import { otherSideClosed } from './rules/other-side-closed.js';
import { peerMatchesNothing } from './rules/peer-matches-nothing.js';
import { policyDuplicate } from './rules/policy-duplicate.js';
import { policyShadowed } from './rules/policy-shadowed.js';
import { portNameUnknown } from './rules/port-name-unknown.js';
import { portNotDeclared } from './rules/port-not-declared.js';
import { ruleShadowed } from './rules/rule-shadowed.js';
import { ruleUnusable } from './rules/rule-unusable.js';
import { selectorsApart } from './rules/selectors-apart.js';
import { serviceClosedOutside } from './rules/service-closed-outside.js';
import { servicePortUsed } from './rules/service-port-used.js';
import { workloadUnprotected } from './rules/workload-unprotected.js';
import { workloadsNotGiven } from './rules/workloads-not-given.js';

/** All that is asked of manifests. A new rule is a new file and a line here. */
export const MANIFEST_RULES: readonly ManifestRule[] = [
  // Without effect, or not the one that was meant.
  ruleUnusable,
  peerMatchesNothing,
  selectorsApart,
  blockEmpty,
  otherSideClosed,
  servicePortUsed,
  portNameUnknown,
  portNotDeclared,
  endPortWithoutEffect,
  emptyListWithoutType,
  policyDuplicate,
  policyShadowed,
  ruleShadowed,
  // Needed and not there.
  dnsUnreachable,
  dnsWithoutTcp,
  serviceClosedOutside,
  workloadsNotGiven,
  // Wider than it should be.
  noDefaultDeny,
  noDefaultDenyEgress,
  workloadUnprotected,
  openToEveryNamespace,
  labelInAnyNamespace,
  ingressFromAnyone,
  egressToEverywhere,
  egressOnEveryPort,
  egressToMetadata,
  blockCoversPods,
];
