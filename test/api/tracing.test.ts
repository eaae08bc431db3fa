import { AsyncLocalStorage } from 'node:async_hooks';
import {
  type Context,
  context,
  type ContextManager,
  ROOT_CONTEXT,
  type Span,
  type SpanContext,
  SpanKind,
  type SpanOptions,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { WorkPool } from '../../src/work/work-pool.js';
import { startTestApp, type TestApp } from '../support/app.js';
import { type Receiver, startReceiver } from '../support/receiver.js';
import { loadShop } from '../support/shop.js';

/** A span that has ended. */
interface Ended {
  readonly name: string;
  readonly kind: SpanKind;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly own: SpanContext;
  readonly parent: SpanContext | undefined;
  readonly failed: boolean;
}

const ended: Ended[] = [];
let made = 0;

/** As an operator's SDK would, as far as it goes: it keeps spans in memory, and contexts in an AsyncLocalStorage. */
function registerSdk(): void {
  const hex = (length: number) => (++made).toString(16).padStart(length, '0');
  const startSpan = (name: string, options: SpanOptions = {}, within: Context = context.active()): Span => {
    const parent = trace.getSpanContext(within);
    const own: SpanContext = {
      ...{ traceId: parent?.traceId ?? hex(32), spanId: hex(16), traceFlags: 1 },
      ...(parent?.traceState === undefined ? {} : { traceState: parent.traceState }),
    };
    const attributes: Record<string, unknown> = { ...options.attributes };
    let failed = false;
    const span = {
      spanContext: () => own,
      setAttribute: (key: string, value: unknown) => ((attributes[key] = value), span),
      setStatus: ({ code }: { code: SpanStatusCode }) => ((failed = code === SpanStatusCode.ERROR), span),
      end: () => void ended.push({ name, kind: options.kind ?? SpanKind.INTERNAL, attributes, own, parent, failed }),
    } as unknown as Span;
    return span;
  };
  trace.setGlobalTracerProvider({ getTracer: () => ({ startSpan, startActiveSpan: () => undefined as never }) });
  const storage = new AsyncLocalStorage<Context>();
  const contexts: ContextManager = {
    active: () => storage.getStore() ?? ROOT_CONTEXT,
    with: (within, work, self, ...words) => storage.run(within, () => work.call(self as never, ...words)),
    bind: (_, target) => target,
    enable: () => contexts,
    disable: () => contexts,
  };
  context.setGlobalContextManager(contexts);
}

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const PARENT = '00f067aa0ba902b7';
const HEADERS = { traceparent: `00-${TRACE}-${PARENT}-01`, tracestate: 'vendor=abc, other@x=1' };

let sluice: TestApp;
let receiver: Receiver;

beforeAll(async () => {
  registerSdk();
  receiver = await startReceiver();
  sluice = await startTestApp({
    pool: new WorkPool(undefined, 1),
    webhooks: { allow: ['127.0.0.0/8'] },
  });
  await loadShop(sluice.app);
  await sluice.request.post('/v1/webhooks').send({ name: 'told', url: receiver.url }).expect(201);
});
afterAll(async () => {
  expect(sluice.failures).toEqual([]);
  await sluice.close();
  await receiver.close();
  trace.disable();
  context.disable();
});
beforeEach(() => void ended.splice(0));

const called = (name: string) => ended.filter((span) => span.name === name);

describe('spans, where an SDK is registered', () => {
  it('are one a request, within the trace of the caller, by the conventions', async () => {
    const reply = await sluice.request
      .get('/v1/flows/users-to-frontend')
      .set({ ...HEADERS, 'x-other': 'secret' })
      .expect(200);
    const [span] = called('GET /v1/flows/:flow');
    expect(span).toMatchObject({
      kind: SpanKind.SERVER,
      failed: false,
      parent: { traceId: TRACE, spanId: PARENT, isRemote: true },
      attributes: {
        'http.request.method': 'GET',
        'http.route': '/v1/flows/:flow',
        'http.response.status_code': 200,
        'url.path': '/v1/flows/users-to-frontend',
        'sluice.actor': 'admin',
      },
    });
    expect(JSON.stringify(span)).not.toContain('secret');
    expect(reply.headers['traceparent']).toBe(`00-${TRACE}-${span!.own.spanId}-01`);
  });

  it('begin a trace where the caller names none, and problems have its id', async () => {
    const { body } = await sluice.request.get('/v1/flows/nobody').set('traceparent', 'nonsense').expect(404);
    const [span] = called('GET /v1/flows/:flow');
    expect(span?.parent).toBeUndefined();
    expect(body.traceId).toBe(span?.own.traceId);
    expect(span?.attributes['http.response.status_code']).toBe(404);
  });

  it('hold transactions and the phases of a publish, those in a thread too, and the delivery that tells of it', async () => {
    const change = { ports: [{ port: 8080 }] };
    await sluice.request.patch('/v1/flows/users-to-frontend').set('if-match', '*').send(change).expect(200);
    await sluice.request.post('/v1/environments/dev/bundles').set(HEADERS).send({}).expect(201);
    const [request] = called('POST /v1/environments/:environment/bundles');
    const ofRequest = (span: Ended) => span.own.traceId === TRACE;
    const transaction = called('transaction').find(ofRequest);
    expect(transaction).toMatchObject({
      kind: SpanKind.CLIENT,
      attributes: { 'db.system.name': 'postgresql' },
      parent: { spanId: request!.own.spanId },
    });
    for (const phase of ['load', 'render', 'prove', 'store', 'commit'])
      expect([phase, called(`publish ${phase}`).find(ofRequest)?.parent?.spanId]).toEqual([phase, request!.own.spanId]);
    for (const phase of ['lock', 'sign', 'release'])
      expect([phase, called(`publish ${phase}`).find(ofRequest)?.parent?.spanId]).toEqual([
        phase,
        transaction!.own.spanId,
      ]);
    await receiver.until(1);
    await expect.poll(() => called('POST')).toHaveLength(1);
    const [attempt] = called('POST');
    expect(attempt).toMatchObject({
      kind: SpanKind.CLIENT,
      failed: false,
      parent: { traceId: TRACE, spanId: request!.own.spanId, isRemote: true },
      attributes: { 'sluice.webhook': 'told', 'server.address': '127.0.0.1', 'http.response.status_code': 204 },
    });
    const { traceparent, tracestate } = receiver.received[0]!.headers;
    expect([traceparent, tracestate]).toEqual([`00-${TRACE}-${attempt!.own.spanId}-01`, 'vendor=abc,other@x=1']);
  });

  it('say of a refused write what kind of refusal it was, and no more', async () => {
    await sluice.request.post('/v1/teams').send({ name: 'NOT-A-LABEL' }).expect(422);
    expect(called('transaction')[0]).toMatchObject({ failed: true, attributes: { 'error.type': 'invalid' } });
    expect(JSON.stringify(ended)).not.toContain('NOT-A-LABEL');
  });
});
