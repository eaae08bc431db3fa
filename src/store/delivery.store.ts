import type { EventType, WebhookEvent } from '../domain/webhook/event.js';
import type { Signature } from '../domain/model/webhook.js';
import { compact } from './compact.js';
import { DELIVERIES_CHANNEL } from './deliveries-channel.js';
import type { Sql } from './sql.js';
import type { KeptSecret } from './kept-secret.js';
import type { TraceHeaders } from '../seeing/trace.js';

export type DeliveryState = 'pending' | 'delivered' | 'failed';

/** One try to deliver: an answer, or why there was none. */
export interface Attempt {
  readonly number: number;
  readonly at: string;
  readonly durationMs: number;
  readonly status?: number;
  readonly error?: string;
}

/** An event on its way to a receiver. */
export interface Delivery {
  readonly id: string;
  readonly webhook: string;
  readonly type: EventType;
  readonly body: string;
  readonly state: DeliveryState;
  readonly createdAt: string;
  readonly dueAt?: string;
  readonly settledAt?: string;
  readonly attempts: readonly Attempt[];
}

/** A delivery and its place in the order of deliveries. */
export interface ListedDelivery {
  readonly number: string;
  readonly delivery: Delivery;
}

/** One page of the deliveries of one webhook, newest first. */
export interface DeliveryPage {
  readonly webhook: string;
  readonly state: DeliveryState | undefined;
  /** The number that the page before ended with. */
  readonly after: string | undefined;
  readonly take: number;
}

/** A delivery that this process is to send, and nobody else until the lease ends. */
export interface Claimed {
  readonly number: string;
  readonly id: string;
  readonly lease: string;
  readonly type: EventType;
  readonly body: string;
  /** Attempts of this round, this one included. */
  readonly tries: number;
  readonly webhook: string;
  readonly url: string;
  readonly signature: Signature;
  /** Of the webhook, as it was claimed. */
  readonly revision: number;
  /** The newest first. */
  readonly keys: readonly (KeptSecret & { readonly id: string })[];
  /** What it belongs to, where whoever caused it said so. */
  readonly trace: TraceHeaders | undefined;
}

/** What a process asks for when it has room. */
export interface Claim {
  readonly now: Date;
  readonly lease: string;
  readonly leaseMs: number;
  /** How many at most, and how many of one webhook at once. */
  readonly room: number;
  readonly perWebhook: number;
  /** How many of each webhook this process is sending. */
  readonly busy: ReadonlyMap<string, number>;
  /** The keys that it has to open secrets with. */
  readonly opens: readonly string[];
}

/** What an attempt came to, and what becomes of the delivery. */
export interface Settlement {
  readonly state: DeliveryState;
  /** When to try again, where it is still to be delivered. */
  readonly dueAt: Date | undefined;
  readonly at: Date;
  readonly now: Date;
  readonly status: number | undefined;
  readonly error: string | undefined;
}

interface Row {
  readonly number: string;
  readonly id: string;
  readonly webhook: string;
  readonly type: EventType;
  readonly body: string;
  readonly state: DeliveryState;
  readonly createdAt: Date;
  readonly dueAt: Date | null;
  readonly settledAt: Date | null;
  readonly attempts: readonly {
    number: number;
    at: string;
    durationMs: number;
    status: number | null;
    error: string | null;
  }[];
}

const COLUMNS = `d.number::text, d.id, d.webhook, d.type, d.body, d.state, d.created_at AS "createdAt", d.due_at AS "dueAt", d.settled_at AS "settledAt",
  (SELECT coalesce(json_agg(json_build_object('number', a.number, 'at', a.at, 'durationMs', a.duration_ms, 'status', a.status, 'error', a.error)
      ORDER BY a.number), '[]') FROM webhook_attempt a WHERE a.delivery = d.number) AS attempts`;

const NEW_ID = `'msg_' || replace(gen_random_uuid()::text, '-', '')`;

/** A webhook that may send now, to whoever has the keys in $2: one that this process cannot sign for is left to others. */
const MAY_SEND = `w.enabled AND (w.resume_at IS NULL OR w.resume_at <= $1::timestamptz) AND ${signable('$2')}`;

function signable(opens: string): string {
  return `NOT EXISTS (SELECT FROM webhook_key k WHERE k.webhook = w.name AND k.sealed_with IS NOT NULL AND NOT (k.sealed_with = ANY(${opens}::text[])))`;
}

/** Deliveries: written with what they tell of, claimed and sent after the commit, kept for some days. */
export class DeliveryStore {
  /** One for each webhook that is to be told; every process hears of it at the commit. */
  async tell(sql: Sql, { type, environment, body }: WebhookEvent, trace?: TraceHeaders): Promise<void> {
    const rows = await sql(
      `INSERT INTO webhook_delivery (id, webhook, type, body, state, created_at, due_at, trace_parent, trace_state)
       SELECT ${NEW_ID}, w.name, $1, $2, 'pending', clock.at, clock.at, $4, $5
       FROM webhook w CROSS JOIN (SELECT clock_timestamp()::timestamptz(3) AS at) AS clock
       WHERE w.enabled AND (w.everywhere OR EXISTS (SELECT FROM webhook_environment e WHERE e.webhook = w.name AND e.environment = $3))
       ORDER BY w.name RETURNING id`,
      [type, body, environment ?? null, trace?.traceparent ?? null, trace?.tracestate ?? null],
    );
    if (rows.length > 0) await this.wake(sql);
  }

  /** One for this webhook alone. */
  async add(sql: Sql, webhook: string, { type, body }: WebhookEvent, trace?: TraceHeaders): Promise<Delivery> {
    const rows = await sql<Row>(
      `WITH added AS (
         INSERT INTO webhook_delivery (id, webhook, type, body, state, created_at, due_at, trace_parent, trace_state)
         SELECT ${NEW_ID}, $1, $2, $3, 'pending', clock.at, clock.at, $4, $5 FROM (SELECT clock_timestamp()::timestamptz(3) AS at) AS clock
         RETURNING *)
       SELECT ${COLUMNS} FROM added d`,
      [webhook, type, body, trace?.traceparent ?? null, trace?.tracestate ?? null],
    );
    await this.wake(sql);
    return toDelivery(rows[0]!);
  }

  async get(sql: Sql, webhook: string, id: string): Promise<Delivery | undefined> {
    const rows = await sql<Row>(`SELECT ${COLUMNS} FROM webhook_delivery d WHERE d.webhook = $1 AND d.id = $2`, [
      webhook,
      id,
    ]);
    return rows[0] && toDelivery(rows[0]);
  }

  /** Any number of pages in one round trip, in their order. */
  async pages(sql: Sql, pages: readonly DeliveryPage[]): Promise<ListedDelivery[][]> {
    const rows = await sql<Row & { readonly page: number }>(
      `SELECT p.page, found.* FROM jsonb_to_recordset($1::jsonb) AS p (page int, webhook text, state text, "after" bigint, take int)
       CROSS JOIN LATERAL (
         SELECT ${COLUMNS} FROM webhook_delivery d
         WHERE d.webhook = p.webhook AND (p."after" IS NULL OR d.number < p."after") AND (p.state IS NULL OR d.state = p.state)
         ORDER BY d.number DESC LIMIT p.take
       ) AS found ORDER BY p.page, found.number::bigint DESC`,
      [JSON.stringify(pages.map((asked, page) => ({ ...asked, page })))],
    );
    const found: ListedDelivery[][] = pages.map(() => []);
    for (const row of rows) found[row.page]?.push({ number: row.number, delivery: toDelivery(row) });
    return found;
  }

  /** Begins a new round, at once, unless it is just being sent. Undefined: no such delivery. */
  async replay(sql: Sql, webhook: string, id: string): Promise<Delivery | undefined> {
    await sql(
      `UPDATE webhook_delivery SET state = 'pending', tries = 0, settled_at = NULL, lease = NULL, due_at = clock_timestamp()
       WHERE webhook = $1 AND id = $2 AND (lease IS NULL OR due_at <= clock_timestamp())`,
      [webhook, id],
    );
    await this.wake(sql);
    return this.get(sql, webhook, id);
  }

  /**
   * Takes deliveries that are due, in one statement: what another process takes at this moment is passed by. Until `leaseMs` later they are
   * this process's; if it dies, they are due again then. Webhooks take turns: the first delivery of each comes before the second of any.
   */
  async claim(sql: Sql, claim: Claim): Promise<Claimed[]> {
    const { now, lease, leaseMs, room, perWebhook, busy, opens } = claim;
    const rows = await sql<ClaimedRow>(
      `WITH ready AS (
         SELECT w.name, w.url, w.signature, w.revision, coalesce(b.n, 0) AS busy, greatest($4::int - coalesce(b.n, 0), 0) AS places
         FROM webhook w LEFT JOIN jsonb_to_recordset($5::jsonb) AS b (name text, n int) ON b.name = w.name WHERE ${MAY_SEND}
       ), due AS (
         SELECT d.number FROM ready CROSS JOIN LATERAL (
           SELECT d.number, d.due_at FROM webhook_delivery d WHERE d.webhook = ready.name AND d.due_at <= $1::timestamptz
           ORDER BY d.due_at, d.number LIMIT ready.places FOR UPDATE SKIP LOCKED
         ) AS d
         ORDER BY ready.busy + row_number() OVER (PARTITION BY ready.name ORDER BY d.due_at, d.number), d.due_at, d.number LIMIT $3::int
       )
       UPDATE webhook_delivery d SET tries = d.tries + 1, lease = $6::uuid, due_at = $7::timestamptz
       FROM due, ready WHERE d.number = due.number AND ready.name = d.webhook
       RETURNING d.number::text, d.id, d.lease::text, d.type, d.body, d.tries, d.webhook, ready.url, ready.signature, ready.revision::int,
         d.trace_parent AS traceparent, d.trace_state AS tracestate,
         (SELECT json_agg(json_build_object('id', k.id, 'secret', encode(k.secret, 'hex'), 'sealedWith', k.sealed_with) ORDER BY k.created_at DESC, k.id)
          FROM webhook_key k WHERE k.webhook = d.webhook AND (k.expires_at IS NULL OR k.expires_at > $1::timestamptz)) AS keys`,
      [
        ...[now.toISOString(), [...opens], room, perWebhook],
        JSON.stringify([...busy].map(([name, n]) => ({ name, n }))),
        ...[lease, new Date(now.getTime() + leaseMs).toISOString()],
      ],
    );
    return rows.map(toClaimed);
  }

  /** When something is due next of what this process could send; those webhooks left out that it sends as much to as it may. */
  async nextDue(sql: Sql, opens: readonly string[], full: readonly string[]): Promise<Date | undefined> {
    const rows = await sql<{ at: Date | null }>(
      `SELECT min(greatest(first.due_at, w.resume_at)) AS at FROM webhook w CROSS JOIN LATERAL (
         SELECT d.due_at FROM webhook_delivery d WHERE d.webhook = w.name AND d.due_at IS NOT NULL ORDER BY d.due_at LIMIT 1
       ) AS first
       WHERE w.enabled AND ${signable('$1')} AND NOT (w.name = ANY($2::text[]))`,
      [[...opens], [...full]],
    );
    return rows[0]?.at ?? undefined;
  }

  /** False: the lease ended meanwhile, and what came of the attempt is another's to say. */
  async settle(
    sql: Sql,
    { number, lease }: Pick<Claimed, 'number' | 'lease'>,
    settlement: Settlement,
  ): Promise<boolean> {
    const { state, dueAt, at, now, status, error } = settlement;
    const rows = await sql(
      `WITH settled AS (
         UPDATE webhook_delivery SET state = $3, due_at = $4::timestamptz, settled_at = CASE WHEN $3 <> 'pending' THEN $5::timestamptz END, lease = NULL
         WHERE number = $1::bigint AND lease = $2::uuid RETURNING number
       )
       INSERT INTO webhook_attempt (delivery, number, at, duration_ms, status, error)
       SELECT number, (SELECT coalesce(max(a.number), 0) + 1 FROM webhook_attempt a WHERE a.delivery = $1::bigint), $6::timestamptz, $7::int, $8::int, $9
       FROM settled RETURNING number`,
      [
        ...[number, lease, state, dueAt?.toISOString() ?? null, now.toISOString(), at.toISOString()],
        ...[Math.max(0, now.getTime() - at.getTime()), status ?? null, error ?? null],
      ],
    );
    return rows.length > 0;
  }

  /** What was claimed and not sent: others take it at once. */
  async giveBack(sql: Sql, { number, lease }: Pick<Claimed, 'number' | 'lease'>, now: Date): Promise<void> {
    await sql(
      `UPDATE webhook_delivery SET lease = NULL, tries = tries - 1, due_at = $3::timestamptz WHERE number = $1::bigint AND lease = $2::uuid`,
      [number, lease, now.toISOString()],
    );
    await this.wake(sql);
  }

  /** Nothing goes to this receiver until then. */
  async pause(sql: Sql, webhook: string, until: Date): Promise<void> {
    await sql(`UPDATE webhook SET resume_at = greatest(resume_at, $2::timestamptz) WHERE name = $1`, [
      webhook,
      until.toISOString(),
    ]);
  }

  /** Forgets what is older, whatever came of it, some at a time. True: there may be more. */
  async dropOld(sql: Sql, before: Date): Promise<boolean> {
    const rows = await sql(
      `DELETE FROM webhook_delivery WHERE number IN (
         SELECT number FROM webhook_delivery WHERE created_at < $1::timestamptz ORDER BY created_at LIMIT ${DROPPED_AT_ONCE} FOR UPDATE SKIP LOCKED
       ) RETURNING number::text`,
      [before.toISOString()],
    );
    return rows.length === DROPPED_AT_ONCE;
  }

  private async wake(sql: Sql): Promise<void> {
    await sql(`NOTIFY ${DELIVERIES_CHANNEL}`, []);
  }
}

const DROPPED_AT_ONCE = 1_000;

interface ClaimedRow extends Omit<Claimed, 'keys' | 'trace'> {
  readonly keys: readonly KeyRow[];
  readonly traceparent: string | null;
  readonly tracestate: string | null;
}

function toClaimed({ keys, traceparent, tracestate, ...rest }: ClaimedRow): Claimed {
  const trace = traceparent === null ? undefined : { traceparent, ...compact({ tracestate: tracestate ?? undefined }) };
  return { ...rest, trace, keys: keys.map(toKept) };
}

interface KeyRow {
  readonly id: string;
  readonly secret: string;
  readonly sealedWith: string | null;
}

function toKept({ id, secret, sealedWith }: KeyRow): KeptSecret & { readonly id: string } {
  return { id, secret: Buffer.from(secret, 'hex'), sealedWith };
}

function toDelivery(row: Row): Delivery {
  const { id, webhook, type, body, state, createdAt, dueAt, settledAt } = row;
  const attempts = row.attempts.map(({ number, at, durationMs, status, error }) => {
    return { number, at: new Date(at).toISOString(), durationMs, ...compact({ status, error }) };
  });
  const times = { dueAt: dueAt?.toISOString(), settledAt: settledAt?.toISOString() };
  return { ...{ id, webhook, type, body, state, createdAt: createdAt.toISOString() }, ...compact(times), attempts };
}
