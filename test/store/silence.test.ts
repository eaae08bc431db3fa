import pg from 'pg';
import { expect, test } from 'vitest';
import { isAway } from '../../src/store/away.js';
import { endWhereSilent } from '../../src/store/silence.js';
import { createTestDatabase } from '../support/database.js';
import { startRelay } from '../support/relay.js';

test('a connection whose other end is gone without a word is given up, and says that the database is away', async () => {
  const database = await createTestDatabase('empty');
  const relay = await startRelay(database.url);
  try {
    const client = new pg.Client({ connectionString: relay.url });
    client.on('error', () => undefined);
    await client.connect();
    endWhereSilent(client, 300);
    expect((await client.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
    relay.freeze();
    const error: unknown = await client.query('SELECT 1').catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(Error);
    expect(isAway(error)).toBe(true);
  } finally {
    await relay.close();
    await database.drop();
  }
});
