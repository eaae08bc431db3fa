import { sortFindings, type Finding, type Severity } from '../finding.js';

/** What a rule says of one place. Its code, and where it does not say otherwise its severity and what to do, are those of the rule. */
export interface Noticed {
  readonly path: string;
  readonly message: string;
  readonly value?: string;
  readonly mend?: string;
  /** Where the case is milder than the rule in general. */
  readonly severity?: Severity;
}

/** One rule of lint over the facts of a model or of manifests. `code`, once published, stays. */
export interface LintRule<Facts> {
  readonly code: string;
  readonly severity: Severity;
  /** What it finds, in a sentence. */
  readonly what: string;
  /** What to do about it in general. */
  readonly mend: string;
  readonly find: (facts: Facts) => readonly Noticed[];
}

/**
 * Asks every rule, and gives what they noticed, worst first.
 * @example askRules(MANIFEST_RULES, facts)
 */
export function askRules<Facts>(rules: readonly LintRule<Facts>[], facts: Facts): Finding[] {
  return sortFindings(
    rules.flatMap(({ code, severity, mend, find }) =>
      find(facts).map((noticed) => ({
        ...{ code, severity: noticed.severity ?? severity, path: noticed.path, message: noticed.message },
        ...(noticed.value === undefined ? {} : { value: noticed.value }),
        mend: noticed.mend ?? mend,
      })),
    ),
  );
}

const NAMED = 3;

/** `a, b, c and 2 more`: a message stays one line however many there are. */
export function someOf(names: readonly string[]): string {
  const more = names.length - NAMED;
  return `${names.slice(0, NAMED).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

/** `1 policy`, `2 policies`. */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
}
