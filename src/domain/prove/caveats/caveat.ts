import type { Finding, Severity } from '../../finding.js';

/** What is named, not refused: the bytes say what the snapshot says, and a cluster may still behave otherwise than one would think. */
export type CaveatCode =
  /** Two tiers of a namespace could share pods: such pods may do what either may. */
  | 'tiers-overlap'
  /** Too many tiers without a label that tells them apart: not all pairs were looked at. */
  | 'overlap-unchecked'
  /** The selector of a tier contradicts itself: it has no pods to ask about. */
  | 'selector-matches-nothing'
  /** Tiers call others, by name as one does, and nobody may ask DNS. */
  | 'no-dns'
  /** A peer's pods are those of a tier, and that tier's own side does not allow what the flow opens. */
  | 'peer-matches-tier'
  /** No pod could be made up for a set that something names. */
  | 'not-asked'
  /** The search for pods that the two sides treat differently was given up: the proof holds for the pods it asked about. */
  | 'search-given-up';

/** What to do about each. */
export const CAVEAT_MEND: Readonly<Record<CaveatCode, string>> = {
  'tiers-overlap': 'Give each tier a label of its own, and select by it.',
  'overlap-unchecked': 'Select tiers by a label that tells them apart, such as app.kubernetes.io/name.',
  'selector-matches-nothing': 'Correct the pod selector of the tier, or the labels of its placement.',
  'no-dns': 'Say in profile.dns how pods ask DNS, or declare flows to it on UDP and TCP 53.',
  'peer-matches-tier': 'Declare a flow between the two tiers.',
  'not-asked': 'Nothing to do; selectors by fewer labels would be asked about.',
  'search-given-up': 'Nothing to do; selectors by fewer labels would be searched to the end.',
};

/** A caveat is a finding that does not stand in the way. */
export function caveat(code: CaveatCode, path: string, message: string, severity: Severity = 'warning'): Finding {
  return { code, severity, path, message, mend: CAVEAT_MEND[code] };
}

/** `"a", "b", "c" and 2 more`. */
export function quoted(names: readonly string[]): string {
  const shown = names.slice(0, 3).map((name) => `"${name}"`);
  return `${shown.join(', ')}${names.length > shown.length ? ` and ${names.length - shown.length} more` : ''}`;
}
