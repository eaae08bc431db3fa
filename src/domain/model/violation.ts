/** What a grammar says of a value that breaks it: which rule, and what would be right. The caller adds where it stood. */
export interface Violation {
  readonly code: string;
  readonly detail: string;
}

/** A grammar: gives nothing for a value that keeps the rule. */
export type Grammar<T> = (value: T) => Violation | undefined;
