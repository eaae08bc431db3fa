import { randomUUID } from 'node:crypto';
import { type Problem, refuse, SluiceError } from '../../domain/errors.js';
import { missing } from '../../domain/validate/references.js';
import { hashSecret, newSecret } from '../../platform/auth/token-secret.js';
import { type RequestContext, requireScope } from '../../platform/context.js';
import { type Page, readPage, toPage } from '../../platform/http/page.js';
import { notFound, type Paging } from '../../platform/resource/resource.service.js';
import { parseInput } from '../../schema/parse.js';
import { tokenSchema } from '../../schema/token.js';
import type { Db } from '../../store/database.js';
import type { EnvironmentStore } from '../../store/environment.store.js';
import type { Token, TokenStore } from '../../store/token.store.js';
import type { UnitOfWork } from '../../store/unit-of-work.js';

/** A token with its secret: shown once. */
export type CreatedToken = Token & { readonly token?: string };

/** Tokens are made and revoked, never changed. All of it needs the scope admin. */
export class TokenService {
  constructor(
    private readonly units: UnitOfWork,
    private readonly tokens: TokenStore,
    private readonly environments: EnvironmentStore,
    /** Called after a revocation: this process forgets at once, the others when they are told. */
    private readonly forget: (id: string) => void,
  ) {}

  /** The secret is in this reply and nowhere else: a replay of the same Idempotency-Key gives the token without it. */
  async create(ctx: RequestContext, raw: unknown): Promise<CreatedToken> {
    requireScope(ctx, 'admin');
    const [id, secret] = [randomUUID(), newSecret()];
    const token = await this.units.write(ctx, ['create', 'token', raw], async (db) => {
      const input = await this.decide(db, raw, ctx.now);
      return this.tokens.insert(db, {
        ...input,
        id,
        hash: hashSecret(secret),
        createdBy: ctx.actor,
        reason: ctx.reason,
      });
    });
    return token.id === id && !ctx.dryRun ? { ...token, token: secret } : token;
  }

  async get(ctx: RequestContext, id: string): Promise<Token> {
    requireScope(ctx, 'admin');
    return this.find(this.units.reader, id);
  }

  async list(ctx: RequestContext, which: { revoked: boolean }, paging: Paging): Promise<Page<Token>> {
    requireScope(ctx, 'admin');
    const page = readPage(paging, ['token', which]);
    const rows = await this.tokens.list(this.units.reader, which, { after: page.after, take: page.size + 1 });
    return toPage(rows, page, ['token', which], (token) => token.id);
  }

  /** From the commit on, no process takes the token. */
  async revoke(ctx: RequestContext, id: string): Promise<void> {
    requireScope(ctx, 'admin');
    await this.units.write(ctx, ['revoke', 'token', id], async (db) => {
      await this.find(db, id);
      await this.tokens.revoke(db, id, ctx.actor, ctx.reason);
    });
    if (!ctx.dryRun) this.forget(id);
  }

  private async find(db: Db, id: string): Promise<Token> {
    const token = /^[0-9a-f-]{36}$/.test(id) ? await this.tokens.byId(db, id) : undefined;
    if (token === undefined || token.revokedAt !== undefined) throw notFound(`token ${JSON.stringify(id)}`);
    return token;
  }

  private async decide(db: Db, raw: unknown, now: Date) {
    const { value, parts, problems } = parseInput(tokenSchema, raw);
    const expiresAt = parts.expiresAt === undefined ? undefined : new Date(parts.expiresAt);
    const past: Problem[] =
      expiresAt !== undefined && expiresAt <= now
        ? [
            {
              pointer: '#/expiresAt',
              code: 'in-the-past',
              detail: `${parts.expiresAt} is past: it is ${now.toISOString()} now`,
              value: parts.expiresAt,
            },
          ]
        : [];
    refuse([...problems, ...past, ...(await this.unknownEnvironment(db, parts))], nameOf(parts));
    const { name, scopes, environment } = value!;
    if (await this.tokens.liveByName(db, name))
      throw new SluiceError('already-exists', `token "${name}" exists already`);
    return { name, scopes, environment, expiresAt };
  }

  private async unknownEnvironment(db: Db, token: { environment?: string | undefined; name?: string | undefined }) {
    const name = token.environment;
    if (name === undefined || (await this.environments.get(db, { name }))) return [];
    const have = await this.environments.list(db, {}, { after: undefined, take: 11 });
    return [
      missing(
        '#/environment',
        'environment',
        name,
        nameOf(token),
        have.map((environment) => environment.value.name),
      ),
    ];
  }
}

function nameOf({ name }: { name?: string | undefined }): string {
  return name === undefined ? 'the token' : `token "${name}"`;
}
