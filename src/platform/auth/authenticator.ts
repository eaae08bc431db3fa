import { SluiceError } from '../../domain/errors.js';
import type { Database } from '../../store/database.js';
import type { Notifications } from '../../store/notifications.js';
import { SharedReads } from '../../store/shared-reads.js';
import { type Token, TOKENS_CHANNEL, type TokenStore } from '../../store/token.store.js';
import { type CacheState, CacheTally } from '../../seeing/cache-tally.js';
import { Standing } from './standing.js';
import { hashSecret, isWellFormed } from './token-secret.js';

/** How long a token is taken from memory, and how often its last use is written down. */
const CACHE_MS = 10_000;
const TOUCH_MS = 60_000;
const CACHE_MAX = 10_000;

interface Known {
  readonly token: Token;
  readonly readAt: number;
  touchedAt: number;
}

/**
 * Who is it? Takes the secret of a request and gives the token.
 * Tokens are remembered for a few seconds; a revocation in any process empties the memory of all of them (NOTIFY), and while that
 * channel is down the database is asked each time. While it does not answer, who was let in lately stays so (ADR 0031).
 */
export class Authenticator {
  private readonly known = new Map<string, Known>();
  private readonly tally = new CacheTally();
  /** Counts revocations, so that a token read before one is not remembered after it. */
  private epoch = 0;
  private readonly reads = new SharedReads<Token | undefined>();
  /** The ids that this process was told of: also where the database cannot say so any more. */
  private readonly revoked = new Set<string>();

  constructor(
    private readonly database: Database,
    private readonly tokens: TokenStore,
    private readonly notifications: Notifications,
  ) {
    notifications.on(TOKENS_CHANNEL, (id) => this.forget(id));
  }

  /** How often a token was revoked, as far as this process was told: who was let in before may have to stay out after. Undefined while nobody tells. */
  get revocations(): number | undefined {
    return this.notifications.connected ? this.epoch : undefined;
  }

  get cache(): CacheState {
    return this.tally.state({ entries: this.known.size });
  }

  /** Told of every revocation in any process, by the id of the token; by an empty one where some may have been missed. */
  onRevocation(told: (id: string) => void): void {
    this.notifications.on(TOKENS_CHANNEL, told);
  }

  /** Who it is, for a request that goes on: to be asked again before it gets what came later. Refuses as authenticate does. */
  async standing(authorization: string | undefined): Promise<Standing> {
    const standing = new Standing(this, authorization);
    await standing.hold();
    return standing;
  }

  /** A token was revoked, here or elsewhere; an empty id: some may have been. Every token is read anew before it is taken again. */
  forget(id: string): void {
    if (id !== '') this.revoked.add(id);
    this.epoch++;
    this.known.clear();
  }

  /** Refuses (unauthenticated) what is not a token, unknown, revoked or expired; the checksum is tested before any query. */
  async authenticate(authorization: string | undefined, now: Date): Promise<Token> {
    const secret = secretOf(authorization);
    if (secret === undefined) throw refused('send Authorization: Bearer <token>, or Basic with the token as password');
    if (!isWellFormed(secret)) throw refused('this is not a token of Sluice: its form or its checksum is wrong');
    const known = await this.find(hashSecret(secret), now.getTime());
    if (known === undefined || this.isRevoked(known.token)) throw refused('this token is unknown or was revoked');
    if (isExpired(known.token, now)) throw refused(`this token expired at ${known.token.expiresAt}`);
    return this.used(known, now);
  }

  /** As authenticate, by memory alone: nothing where the database must be asked, or where there is something to refuse. */
  recall(authorization: string | undefined, now: Date): Token | undefined {
    const secret = secretOf(authorization);
    const known = secret === undefined ? undefined : this.recent(hashSecret(secret), now.getTime());
    if (known === undefined || this.isRevoked(known.token) || isExpired(known.token, now)) return undefined;
    return this.used(known, now);
  }

  private isRevoked({ id, revokedAt }: Token): boolean {
    return revokedAt !== undefined || this.revoked.has(id);
  }

  private recent(hash: string, now: number): Known | undefined {
    const known = this.notifications.connected ? this.known.get(hash) : undefined;
    if (known === undefined || Math.abs(now - known.readAt) >= CACHE_MS) return undefined;
    this.tally.hits++;
    return known;
  }

  private async find(hash: string, now: number): Promise<Known | undefined> {
    const recent = this.recent(hash, now);
    if (recent !== undefined) return recent;
    const standing = this.known.get(hash);
    this.tally.misses++;
    const epoch = this.epoch;
    const token = await this.read(hash);
    if (token === undefined) return undefined;
    const known = { token, readAt: now, touchedAt: standing?.touchedAt ?? 0 };
    if (this.known.size >= CACHE_MAX) this.known.clear();
    if (epoch === this.epoch) this.known.set(hash, known);
    return known;
  }

  /** Many with one token may ask at once. Never shared is what was asked before a revocation that is known of. */
  private read(hash: string): Promise<Token | undefined> {
    const read = () =>
      this.database.lastKnown.read(`token ${hash}`, () => this.tokens.byHash(this.database.prisma, hash));
    const { revocations } = this;
    return revocations === undefined ? read() : this.reads.read(`${revocations} ${hash}`, read);
  }

  /** Not awaited: that a use is written down late, or not at all, must not hold or fail the request. */
  private used(known: Known, now: Date): Token {
    if (now.getTime() - known.touchedAt <= TOUCH_MS) return known.token;
    known.touchedAt = now.getTime();
    this.tokens.touch(this.database.prisma, known.token.id, now).catch(() => undefined);
    return known.token;
  }
}

/** The secret of a Bearer or Basic header (RFC 6750, RFC 7617); the user name of Basic does not matter. */
export function secretOf(authorization: string | undefined): string | undefined {
  const [scheme = '', value = '', ...more] = (authorization ?? '').split(/ +/, 3);
  if (more.length > 0) return undefined; // another word behind the token: who wrote that meant something else
  if (/^bearer$/i.test(scheme)) return value;
  if (!/^basic$/i.test(scheme)) return undefined;
  const pair = Buffer.from(value, 'base64').toString();
  return pair.slice(pair.indexOf(':') + 1);
}

function isExpired({ expiresAt }: Token, now: Date): boolean {
  return expiresAt !== undefined && new Date(expiresAt) <= now;
}

function refused(detail: string): SluiceError {
  return new SluiceError('unauthenticated', detail);
}
