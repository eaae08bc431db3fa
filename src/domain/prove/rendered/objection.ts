import type { Finding } from '../../finding.js';

/** Why bytes are refused whatever they allow. */
export type ObjectionCode =
  /** They are no YAML. */
  | 'unreadable'
  /** Something else than a NetworkPolicy of networking.k8s.io/v1. */
  | 'not-a-networkpolicy'
  /** The API server would refuse the object. */
  | 'invalid-networkpolicy'
  /** A port by name: what it allows depends on pods. */
  | 'named-port'
  /** Two objects of one name: the second one replaces the first when they are applied. */
  | 'object-repeated'
  /** No tier calls for it, or another object does the same already. */
  | 'object-unexpected'
  /** A tier, or the default deny of a namespace, has no object in a direction. */
  | 'object-missing';

/** An objection is a finding that stands in the way. */
export function objection(code: ObjectionCode, path: string, message: string): Finding {
  return { code, severity: 'error', path, message };
}
