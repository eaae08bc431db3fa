import type { FastifyInstance } from 'fastify';
import { collectDefaultMetrics, Counter, Histogram, Registry } from 'prom-client';
import { type Phase, PHASES, type PhaseName, watchPhases } from '../../seeing/phase.js';
import { registerGauges } from './gauges.js';
import type { MetricSources } from './sources.js';

/** What became of a delivery after an attempt. */
export type DeliveryResult = 'delivered' | 'retried' | 'failed';

/** What Prometheus scrapes: requests by route, phases of publishes, deliveries to webhooks, what the parts tell of themselves, and the process. */
export class Metrics {
  private readonly registry = new Registry();
  private readonly requests: Histogram<'method' | 'route' | 'status'>;
  private readonly phases: Histogram<'phase'>;
  private readonly deliveries: Counter<'result'>;

  constructor(sources: MetricSources) {
    const registers = [this.registry];
    this.requests = new Histogram({
      name: 'sluice_http_request_seconds',
      help: 'Time from the first byte of a request to the end of its reply',
      labelNames: ['method', 'route', 'status'],
      buckets: [0.001, 0.005, 0.02, 0.1, 0.5, 2, 10],
      registers,
    });
    this.phases = new Histogram({
      name: 'sluice_publish_phase_seconds',
      help: 'Time that publishes and previews take, by phase, wherever it is gone through: here or in a worker thread',
      labelNames: ['phase'],
      buckets: [0.001, 0.005, 0.02, 0.1, 0.5, 2, 10, 60],
      registers,
    });
    this.deliveries = new Counter({
      name: 'sluice_webhook_deliveries_total',
      help: 'Attempts to deliver to webhooks, by what became of the delivery',
      labelNames: ['result'],
      registers,
    });
    for (const name of Object.keys(PHASES)) this.phases.zero({ phase: name as PhaseName });
    for (const result of ['delivered', 'retried', 'failed']) this.deliveries.inc({ result }, 0);
    registerGauges(this.registry, sources);
  }

  get contentType(): string {
    return this.registry.contentType;
  }

  /** Also the process's own figures (memory, event loop, garbage collection), which cost a timer: so not before it listens. */
  watch(fastify: FastifyInstance): void {
    collectDefaultMetrics({ register: this.registry });
    const stop = watchPhases((phase) => this.observe(phase));
    fastify.addHook('onClose', (_, done) => {
      stop();
      done();
    });
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

  /** What there is, for its documentation. */
  described(): readonly DescribedMetric[] {
    return this.registry.getMetricsAsArray().map((metric) => {
      const { name, help, labelNames = [] } = metric as unknown as DescribedMetric & { labelNames?: readonly string[] };
      return { name, help, kind: metric.constructor.name.toLowerCase(), labels: labelNames };
    });
  }

  private observe({ name, began, ended }: Phase): void {
    this.phases.observe({ phase: name }, Math.max(0, ended - began) / 1000);
  }
}

export interface DescribedMetric {
  readonly name: string;
  readonly help: string;
  readonly kind: string;
  readonly labels: readonly string[];
}
