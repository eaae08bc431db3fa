import { randomUUID } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { hashSecret, newSecret } from '../platform/auth/token-secret.js';
import type { Database } from '../store/database.js';
import type { TokenStore } from '../store/token.store.js';

/**
 * The first start has no token to make tokens with: makes one with the scope admin and writes it to `file`, readable by its owner only.
 * Gives the secret where it made one. Several processes may start at once: the lock lets one of them do it.
 */
export async function ensureAdminToken(
  database: Database,
  tokens: TokenStore,
  file: string,
): Promise<string | undefined> {
  return database.prisma.$transaction(async (db) => {
    await db.$executeRaw`SELECT pg_advisory_xact_lock(72707371)`;
    if (!(await tokens.none(db))) return undefined;
    const secret = newSecret();
    const who = {
      name: 'admin',
      scopes: ['admin'],
      environment: undefined,
      expiresAt: undefined,
      createdBy: 'sluice',
      reason: 'first start',
    };
    await tokens.insert(db, { id: randomUUID(), hash: hashSecret(secret), ...who });
    writeSecret(file, secret);
    return secret;
  });
}

function writeSecret(file: string, secret: string): void {
  if (!existsSync(dirname(file))) mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${secret}\n`, { mode: 0o600 });
  chmodSync(file, 0o600);
}
