import { Agent, request as httpRequest } from 'node:http';

/** Clients in a process of their own, so that what they need is not taken for what the server needs. */
export interface LoadOrder {
  readonly url: string;
  readonly token: string;
  /** Requests a second, sent when they are due whether those before were answered or not: who waits is counted as waiting. */
  readonly rate: number;
  readonly seconds: number;
  readonly mix: 'all' | 'reads';
  /** Clients that wait for the next version, besides. */
  readonly polls: number;
  /** Names of flows that may be changed. */
  readonly flows: readonly string[];
}

/** What came of it. */
export interface Loaded {
  readonly sent: number;
  readonly failed: Readonly<Record<string, number>>;
  /** In milliseconds, of all but those that wait on purpose. */
  readonly p50: number;
  readonly p99: number;
  /** The 99th of each stretch of five seconds. */
  readonly stretches: readonly number[];
  readonly byKind: Readonly<Record<string, number>>;
}

const ENVIRONMENT = '/v1/environments/prod';
const LATEST = `${ENVIRONMENT}/bundles/latest`;
const STRETCH_MS = 5_000;
const JSON_BODY = { 'content-type': 'application/json' };
const MERGE = { 'content-type': 'application/merge-patch+json', 'if-match': '*' };
const QUERY = '{ environments { nodes { name latestBundle { version digest } } } }';

interface Asked {
  readonly kind: string;
  readonly method: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: object;
}

type Make = (order: LoadOrder, n: number, etag: string) => Asked;

const FETCH: Make = () => ({
  kind: 'fetch',
  method: 'GET',
  path: `${LATEST}/manifests`,
  headers: { 'accept-encoding': 'gzip' },
});
const UNCHANGED: Make = (_, __, etag) => ({
  ...FETCH(_, 0, ''),
  kind: '304',
  headers: { 'accept-encoding': 'gzip', 'if-none-match': etag },
});
const POLL: Make = () => ({ kind: 'latest', method: 'GET', path: LATEST });
const READ: Make = ({ flows }, n) => ({
  kind: 'model',
  method: 'GET',
  path: `/v1/flows/${flows[n % flows.length] ?? ''}`,
});
const GRAPHQL: Make = () => ({
  kind: 'graphql',
  method: 'POST',
  path: '/graphql',
  headers: JSON_BODY,
  body: { query: QUERY },
});
/** Few contents in turn: a version is new, and its bytes have been there before. */
const WRITE: Make = ({ flows }, n) => ({
  ...{ kind: 'write', method: 'PATCH', path: `/v1/flows/${flows[0] ?? ''}`, headers: MERGE },
  body: { ports: [{ protocol: 'TCP', port: 20_000 + (n % 4) }] },
});
const PUBLISH: Make = () => ({
  kind: 'publish',
  method: 'POST',
  path: `${ENVIRONMENT}/bundles`,
  headers: JSON_BODY,
  body: {},
});
const RETENTION: Make = () => ({
  kind: 'retention',
  method: 'POST',
  path: '/v1/retention',
  headers: JSON_BODY,
  body: { keepVersions: 20 },
});

/** How many of 500 are of which kind, mixed evenly. */
const SHARES: Readonly<Record<LoadOrder['mix'], readonly (readonly [Make, number])[]>> = {
  all: [
    [FETCH, 120],
    [UNCHANGED, 180],
    [POLL, 100],
    [READ, 40],
    [GRAPHQL, 40],
    [WRITE, 16],
    [PUBLISH, 3],
    [RETENTION, 1],
  ],
  reads: [
    [FETCH, 160],
    [UNCHANGED, 240],
    [POLL, 100],
  ],
};

function scheduleOf(mix: LoadOrder['mix']): readonly Make[] {
  const due = SHARES[mix].flatMap(([make, count]) =>
    Array.from({ length: count }, (_, n) => [(n + 0.5) / count, make] as const),
  );
  return due.sort(([a], [b]) => a - b).map(([, make]) => make);
}

process.on('message', (order: LoadOrder) => void run(order).then((loaded) => process.send?.(loaded)));

async function run(order: LoadOrder): Promise<Loaded> {
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  const waiting = new Agent({ keepAlive: true });
  const state = new Tally(order, agent);
  const polls = Array.from({ length: order.polls }, () => state.follow(waiting));
  await state.load();
  await Promise.all(polls);
  agent.destroy();
  waiting.destroy();
  return state.loaded();
}

class Tally {
  private readonly began = performance.now();
  private readonly times: [at: number, kind: string, ms: number][] = [];
  private readonly failed: Record<string, number> = {};
  private readonly schedule: readonly Make[];
  private etag = '""';

  constructor(
    private readonly order: LoadOrder,
    private readonly agent: Agent,
  ) {
    this.schedule = scheduleOf(order.mix);
  }

  private get isOver(): boolean {
    return performance.now() - this.began >= this.order.seconds * 1000;
  }

  /** Every ten milliseconds what is due by then. */
  async load(): Promise<void> {
    const underWay = new Set<Promise<unknown>>();
    for (let n = 0; !this.isOver; await pause(10)) {
      const due = ((performance.now() - this.began) / 1000) * this.order.rate;
      for (; n < due; n++) {
        const make = this.schedule[n % this.schedule.length] ?? FETCH;
        const one = this.ask(make(this.order, n, this.etag), this.agent).finally(() => underWay.delete(one));
        underWay.add(one);
      }
    }
    await Promise.all(underWay);
  }

  /** Waits for one version after the other. */
  async follow(agent: Agent): Promise<void> {
    let known = '""';
    while (!this.isOver) {
      const left = Math.ceil(this.order.seconds - (performance.now() - this.began) / 1000);
      const headers = {
        'accept-encoding': 'gzip',
        prefer: `wait=${Math.max(1, Math.min(20, left))}`,
        'if-none-match': known,
      };
      known = (await this.ask({ kind: 'poll', method: 'GET', path: `${LATEST}/manifests`, headers }, agent)) ?? known;
    }
  }

  private ask(asked: Asked, agent: Agent): Promise<string | undefined> {
    const { kind, method, path, body } = asked;
    const text = body === undefined ? undefined : JSON.stringify(body);
    const length = text === undefined ? {} : { 'content-length': String(Buffer.byteLength(text)) };
    const headers = { authorization: `Bearer ${this.order.token}`, ...length, ...asked.headers };
    const began = performance.now();
    return new Promise((resolve) => {
      const done = (status: number | string, etag?: string) => {
        this.times.push([began - this.began, kind, performance.now() - began]);
        if (typeof status === 'string' || status >= 400)
          this.failed[`${kind} ${status}`] = (this.failed[`${kind} ${status}`] ?? 0) + 1;
        if (kind === 'fetch' && etag !== undefined) this.etag = etag;
        resolve(etag);
      };
      const request = httpRequest(this.order.url + path, { method, headers, agent }, (reply) => {
        reply.resume().once('end', () => done(reply.statusCode ?? 0, reply.headers.etag));
        reply.once('error', () => done('broken'));
      });
      request.once('error', ({ code = 'error' }: NodeJS.ErrnoException) => done(code));
      request.end(text);
    });
  }

  loaded(): Loaded {
    const own = this.times.filter(([, kind]) => kind !== 'poll');
    const kinds = [...new Set(this.times.map(([, kind]) => kind))];
    const of = (wanted: string) => this.times.filter(([, kind]) => kind === wanted).map(([, , ms]) => ms);
    const stretches = Array.from({ length: Math.floor((this.order.seconds * 1000) / STRETCH_MS) }, (_, n) =>
      own.filter(([at]) => Math.floor(at / STRETCH_MS) === n).map(([, , ms]) => ms),
    );
    const all = own.map(([, , ms]) => ms);
    return {
      ...{ sent: own.length, failed: this.failed, p50: quantile(all, 0.5), p99: quantile(all, 0.99) },
      stretches: stretches.map((some) => quantile(some, 0.99)),
      byKind: Object.fromEntries(kinds.map((kind) => [kind, quantile(of(kind), 0.99)])),
    };
  }
}

function quantile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? NaN;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
