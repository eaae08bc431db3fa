/** `added`: nothing was allowed before. `removed`: nothing is allowed after. `changed`: other ports. */
export type ChangeType = 'added' | 'removed' | 'changed';

/** One pair of peers between which something else is allowed after than before. */
export interface ConnectionChange {
  readonly type: ChangeType;
  readonly src: string;
  readonly dst: string;
  readonly before: string;
  readonly after: string;
  /** Where a workload of the pair is on one side only. */
  readonly reason?: string;
}
