import type { Token } from '../../store/token.store.js';

/** Who tells whether a token is good, and whether anything happened to any since. */
interface Judge {
  readonly revocations: number | undefined;
  authenticate(authorization: string | undefined, now: Date): Promise<Token>;
}

/** A notice of a revocation can get lost without anybody knowing: who goes on for long is asked again after so long. */
const TRUSTED_MS = 60_000;

/** The token of a request that goes on for a while: one that waits, or a stream. */
export class Standing {
  private token: Token | undefined;
  private revocations: number | undefined;
  private heldAt = 0;

  constructor(
    private readonly judge: Judge,
    private readonly authorization: string | undefined,
  ) {}

  /** Of the token; only after `hold`. */
  get id(): string | undefined {
    return this.token?.id;
  }

  /**
   * Is it still good? Refuses (unauthenticated) where it was revoked or has expired. Notices come in the order of the commits, so who is told of a
   * publish knows of all revocations before it; where none was told, no question is needed.
   */
  async hold(now = new Date()): Promise<void> {
    if (this.isTrusted(now)) return;
    const { revocations } = this.judge; // before the question: what is told meanwhile is asked about the next time
    this.token = await this.judge.authenticate(this.authorization, now);
    this.revocations = revocations;
    this.heldAt = now.getTime();
  }

  private isTrusted(now: Date): boolean {
    const { token, revocations, heldAt } = this;
    if (token === undefined || revocations === undefined || revocations !== this.judge.revocations) return false;
    const expired = token.expiresAt !== undefined && new Date(token.expiresAt) <= now;
    return !expired && Math.abs(now.getTime() - heldAt) < TRUSTED_MS;
  }
}
