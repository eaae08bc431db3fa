import type { FastifyInstance } from 'fastify';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { type Arrivals, WAITER_KINDS } from '../store/arrivals.js';
import type { Database } from '../store/database.js';

/** What became of a delivery after an attempt. */
export type DeliveryResult = 'delivered' | 'retried' | 'failed';

/** What Prometheus scrapes: requests by route, the pool, deliveries to webhooks, and the process. */
export class Metrics {
  private readonly registry = new Registry();
  private readonly requests: Histogram<'method' | 'route' | 'status'>;
  private readonly deliveries: Counter<'result'>;

  constructor(database: Database, arrivals: Arrivals) {
    const registers = [this.registry];
    this.requests = new Histogram({
      name: 'sluice_http_request_seconds',
      help: 'Time from the first byte of a request to the end of its reply',
      labelNames: ['method', 'route', 'status'],
      buckets: [0.001, 0.005, 0.02, 0.1, 0.5, 2, 10],
      registers,
    });
    this.deliveries = new Counter({
      name: 'sluice_webhook_deliveries_total',
      help: 'Attempts to deliver to webhooks, by what became of the delivery',
      labelNames: ['result'],
      registers,
    });
    for (const result of ['delivered', 'retried', 'failed']) this.deliveries.inc({ result }, 0);
    const pool = new Gauge({
      name: 'sluice_database_connections',
      help: 'Connections of the pool by state, and requests that wait for one',
      labelNames: ['state'],
      registers,
      collect: () => {
        const { totalCount, idleCount, waitingCount } = database.pool;
        pool.set({ state: 'busy' }, totalCount - idleCount);
        pool.set({ state: 'idle' }, idleCount);
        pool.set({ state: 'waiting' }, waitingCount);
      },
    });
    const waiters = new Gauge({
      name: 'sluice_waiters',
      help: 'Clients that wait for the next version: long polls, streams of events, subscriptions',
      labelNames: ['kind'],
      registers,
      collect: () => {
        for (const kind of WAITER_KINDS) waiters.set({ kind }, arrivals.counts[kind]);
      },
    });
  }

  get contentType(): string {
    return this.registry.contentType;
  }

  /** Also the process's own figures (memory, event loop, garbage collection), which cost a timer: so not before it listens. */
  watch(fastify: FastifyInstance): void {
    collectDefaultMetrics({ register: this.registry });
    fastify.addHook('onResponse', (request, reply, done) => {
      this.observer(request.method, request.routeOptions.url, reply.statusCode)(reply.elapsedTime);
      done();
    });
  }

  /** Takes how long requests took that are alike in these, in milliseconds. */
  observer(method: string, route = 'none', status: number): (milliseconds: number) => void {
    const labels = { method, route, status };
    return (milliseconds) => this.requests.observe(labels, milliseconds / 1000);
  }

  countDelivery(result: DeliveryResult): void {
    this.deliveries.inc({ result });
  }

  text(): Promise<string> {
    return this.registry.metrics();
  }
}
