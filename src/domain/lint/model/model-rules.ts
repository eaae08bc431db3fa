import type { ModelRule } from './model-facts.js';
import { profileDnsUnreachable } from './rules/dns-unreachable.js';
import { profileDnsWithoutTcp } from './rules/dns-without-tcp.js';
import { flowOnEveryPort } from './rules/egress-on-every-port.js';
import { flowToEverywhere } from './rules/egress-to-everywhere.js';
import { flowToMetadata } from './rules/egress-to-metadata.js';
import { flowShadowed } from './rules/flow-shadowed.js';
import { peerLabelInAnyNamespace } from './rules/label-in-any-namespace.js';
import { monitoringMatchesNothing } from './rules/monitoring-matches-nothing.js';
import { profileNoDefaultDeny } from './rules/no-default-deny.js';
import { peerOpenToEveryNamespace } from './rules/open-to-every-namespace.js';
import { flowPortNotDeclared } from './rules/port-not-declared.js';

/** All that is asked of the model beside what compile and the proof notice. A new rule is a new file and a line here. */
export const MODEL_RULES: readonly ModelRule[] = [
  // Without effect, or not the one that was meant.
  flowPortNotDeclared,
  flowShadowed,
  monitoringMatchesNothing,
  // Needed and not there.
  profileDnsUnreachable,
  profileDnsWithoutTcp,
  // Wider than it should be.
  profileNoDefaultDeny,
  peerOpenToEveryNamespace,
  peerLabelInAnyNamespace,
  flowToEverywhere,
  flowOnEveryPort,
  flowToMetadata,
];
