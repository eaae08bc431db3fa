import type pg from 'pg';

/** Runs one statement and gives its rows; columns that are asked for are texts or bytes. */
export type Sql = <Row extends object>(text: string, values: readonly unknown[]) => Promise<Row[]>;

/** On `pg` alone: an object mapper turns the bytes that are sent into text first, and holds the event loop for seconds over many megabytes. */
export function sqlOn(pool: Pick<pg.Pool, 'query'>): Sql {
  return async <Row extends object>(text: string, values: readonly unknown[]) =>
    (await pool.query<Row>(text, [...values])).rows;
}

/** What Prisma gives for a transaction. */
interface RawQueries {
  $queryRawUnsafe<Rows>(text: string, ...values: unknown[]): Promise<Rows>;
}

/** In the transaction of a unit of work. */
export function sqlIn(db: RawQueries): Sql {
  return <Row extends object>(text: string, values: readonly unknown[]) => db.$queryRawUnsafe<Row[]>(text, ...values);
}
