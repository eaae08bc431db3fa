import type { ChangeModel } from './generated/models.js';
import { compact } from './compact.js';

/** One write of the model: which revision it made, who, when, why, and what stood before and after. */
export interface Change {
  readonly revision: number;
  readonly at: string;
  readonly actor: string;
  readonly reason?: string;
  readonly resource: string;
  readonly name: string;
  readonly action: 'create' | 'update' | 'delete';
  readonly before?: object;
  readonly after?: object;
}

/** A row of the log as an entry. */
export function toChange(row: ChangeModel): Change {
  const { actor, resource, name } = row;
  const optional = compact({
    reason: row.reason,
    before: row.before as object | null,
    after: row.after as object | null,
  });
  return {
    revision: Number(row.revision),
    at: row.at.toISOString(),
    actor,
    resource,
    name,
    action: row.action as Change['action'],
    ...optional,
  };
}
