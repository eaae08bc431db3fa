import pg from 'pg';

/** The statements that reach PostgreSQL while `work` runs, whoever sends them. */
export async function statementsOf(work: () => Promise<unknown>): Promise<number> {
  let statements = 0;
  const { query } = pg.Client.prototype;
  pg.Client.prototype.query = function (this: pg.Client, ...args: unknown[]) {
    statements++;
    return (query as (...args: unknown[]) => unknown).apply(this, args);
  } as never;
  try {
    await work();
  } finally {
    pg.Client.prototype.query = query;
  }
  return statements;
}
