import type { Db } from './database.js';
import type { Prisma } from './generated/client.js';
import type { TokenModel } from './generated/models.js';
import { compact } from './compact.js';
import { type Window } from './model-store.js';

/** A token as it is kept; its secret only as a hash. */
export interface Token {
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly string[];
  readonly environment?: string;
  readonly createdBy: string;
  readonly createdAt: string;
  readonly reason?: string;
  readonly expiresAt?: string;
  readonly lastUsedAt?: string;
  readonly revokedAt?: string;
  readonly revokedBy?: string;
}

export interface NewToken {
  readonly id: string;
  readonly hash: string;
  readonly name: string;
  readonly scopes: readonly string[];
  readonly environment: string | undefined;
  readonly expiresAt: Date | undefined;
  readonly createdBy: string;
  readonly reason: string | undefined;
}

/** The channel on which processes tell each other that a token was revoked. */
export const TOKENS_CHANNEL = 'sluice_tokens';

export class TokenStore {
  async insert(db: Db, token: NewToken): Promise<Token> {
    const { scopes, environment, expiresAt, reason, ...rest } = token;
    const data = {
      ...rest,
      scopes: [...scopes],
      environmentName: environment ?? null,
      expiresAt: expiresAt ?? null,
      reason: reason ?? null,
    };
    return toToken(await db.token.create({ data: { ...data, createdAt: await now(db) } }));
  }

  async byHash(db: Db, hash: string): Promise<Token | undefined> {
    const row = await db.token.findUnique({ where: { hash } });
    return row ? toToken(row) : undefined;
  }

  async byId(db: Db, id: string): Promise<Token | undefined> {
    const row = await db.token.findUnique({ where: { id } });
    return row ? toToken(row) : undefined;
  }

  async liveByName(db: Db, name: string): Promise<Token | undefined> {
    const row = await db.token.findFirst({ where: { name, revokedAt: null } });
    return row ? toToken(row) : undefined;
  }

  async list(db: Db, which: { revoked: boolean }, window: Window): Promise<Token[]> {
    const where: Prisma.TokenWhereInput = which.revoked ? {} : { revokedAt: null };
    if (window.after !== undefined) where.id = { gt: window.after };
    return (await db.token.findMany({ where, orderBy: { id: 'asc' }, take: window.take })).map(toToken);
  }

  /** Revokes the token and, at the commit, tells every process. */
  async revoke(db: Db, id: string, by: string, reason: string | undefined): Promise<void> {
    await db.token.update({
      where: { id },
      data: { revokedAt: await now(db), revokedBy: by, revokedReason: reason ?? null },
    });
    await db.$executeRaw`SELECT pg_notify(${TOKENS_CHANNEL}, ${id})`;
  }

  async touch(db: Db, id: string, at: Date): Promise<void> {
    await db.token.updateMany({ where: { id }, data: { lastUsedAt: at } });
  }

  async none(db: Db): Promise<boolean> {
    return (
      (await db.token.findFirst({ where: { revokedAt: null, scopes: { has: 'admin' } }, select: { id: true } })) ===
      null
    );
  }
}

async function now(db: Db): Promise<Date> {
  const rows = await db.$queryRaw<{ at: Date }[]>`SELECT clock_timestamp() AS at`;
  return rows[0]!.at;
}

function toToken(row: TokenModel): Token {
  const { id, name, scopes, createdBy, reason, revokedBy } = row;
  const times = { expiresAt: row.expiresAt, lastUsedAt: row.lastUsedAt, revokedAt: row.revokedAt };
  const optional = { environment: row.environmentName, reason, revokedBy };
  const texts = Object.fromEntries(Object.entries(times).map(([key, at]) => [key, at?.toISOString() ?? null]));
  return { id, name, scopes, createdBy, createdAt: row.createdAt.toISOString(), ...compact({ ...optional, ...texts }) };
}
