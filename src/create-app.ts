import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { SwaggerModule } from '@nestjs/swagger';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { AppModule, type Resources } from './app.module.js';
import type { SluiceError } from './domain/errors.js';
import { Authenticator } from './platform/auth/authenticator.js';
import { registerRequestContext } from './platform/auth/request-context.hook.js';
import { registerBodyPause } from './platform/http/body-pause.js';
import { registerBodyParsers } from './platform/http/body-parsers.js';
import { answerClientError } from './platform/http/client-error.js';
import { EventStreams } from './platform/http/event-streams.js';
import { KeptAnswers } from './platform/http/kept-answers.js';
import { ProblemFilter } from './platform/http/problem.filter.js';
import { sendProblem } from './platform/http/problem.js';
import { isRegistryPath, sendRegistryError } from './platform/http/registry-error.js';
import { RouteTable } from './platform/http/route-table.js';
import { registerStale } from './platform/http/stale.js';
import { registerUnderWay } from './platform/http/under-way.js';
import { OF_DATA, registerSecurityHeaders } from './platform/http/security-headers.js';
import { TIMEOUTS, type Timeouts } from './platform/http/timeouts.js';
import { toSluiceError } from './platform/http/to-sluice-error.js';
import { registerUnrouted } from './platform/http/unrouted.hook.js';
import { registerRequestLog } from './platform/http/request-log.js';
import { registerRequestSpans } from './platform/http/request-span.js';
import { Metrics } from './platform/metrics/metrics.js';
import { openApiDocument } from './platform/openapi/document.js';
import { traceOf } from './seeing/trace.js';
import { Wheel } from './platform/wheel.js';
import { Arrivals } from './store/arrivals.js';
import { ReadSources } from './store/reads.js';

/** The largest body of the model's API; Fastify answers 413 above it. */
const BODY_MAX = 1024 * 1024;
/** Until a reply begins: a publish of a hundred thousand flows takes twenty seconds of it. */
const DEADLINE_MS = 60_000;

/** Nest would set an error handler of its own once the routes are made: too late for them, and it is the same one. */
class Adapter extends FastifyAdapter {
  override setErrorHandler(): FastifyInstance {
    return this.getInstance() as unknown as FastifyInstance;
  }
}

export interface AppOptions extends Omit<Resources, 'report'> {
  readonly log: Logger;
  readonly version: string;
  /** How long a request may take, where it is not the default. */
  readonly deadlineMs?: number;
  /** How long clients may take, where it is not the default. */
  readonly timeouts?: Timeouts;
}

/** Makes the application, ready to listen: what main, the tests and the benches all use. Opens no connection. */
export async function createApp(options: AppOptions): Promise<NestFastifyApplication> {
  const { log, timeouts = TIMEOUTS } = options;
  const adapter = new Adapter({
    bodyLimit: BODY_MAX,
    requestTimeout: timeouts.requestMs,
    connectionTimeout: 0,
    keepAliveTimeout: 72_000,
    forceCloseConnections: 'idle',
    http: { headersTimeout: timeouts.headersMs, connectionsCheckingInterval: timeouts.checkMs },
    clientErrorHandler: answerClientError,
    frameworkErrors: (error: Error, request: FastifyRequest, reply: FastifyReply) =>
      isRegistryPath(request.url)
        ? sendRegistryError(reply.headers(OF_DATA), toSluiceError(error), options.publicUrl)
        : sendProblem(reply.headers(OF_DATA), toSluiceError(error), traceOf(request.headers).id),
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 400 },
  });
  const report = (error: SluiceError, traceId: string) =>
    log.error({ err: error.cause ?? error, traceId }, error.message);
  const app = await NestFactory.create<NestFastifyApplication>(AppModule.over({ ...options, report }), adapter, {
    logger: false,
    bodyParser: false,
    abortOnError: false,
  });
  const fastify = app.getHttpAdapter().getInstance() as unknown as FastifyInstance;
  const routes = new RouteTable();
  routes.watch(fastify);
  // Before any route: a route keeps the handler that stands when it is made.
  const problems = new ProblemFilter(routes, report, options.publicUrl);
  fastify.setErrorHandler((error, request, reply) => problems.answer(error, request, reply));
  registerBodyParsers(fastify, options.analysis);
  registerUnderWay(fastify, {
    deadlineMs: options.deadlineMs ?? DEADLINE_MS,
    refuse: (error, reply) => problems.answer(error, reply.request, reply),
    release: () => {
      app.get(Arrivals).close();
      app.get(EventStreams).close();
    },
  });
  registerBodyPause(fastify, app.get(Wheel), timeouts.bodyPauseMs);
  await registerSecurityHeaders(fastify, options.publicUrl);
  registerStale(fastify, options.database.lastKnown);
  const seen = [registerRequestSpans(fastify), registerRequestLog(fastify, log)];
  registerRequestContext(fastify, app.get(Authenticator), app.get(ReadSources));
  registerUnrouted(fastify);
  app.get(Metrics).watch(fastify);
  // Spans and lines are of requests that Fastify sees: whoever wants them has them of all.
  if (!seen.includes('on')) app.get(KeptAnswers).putInFront(fastify);
  app.useGlobalFilters(problems);
  serveDocs(app, options.version);
  return app;
}

/** The document is made when it is first asked for: most servers start more often than anyone reads it. */
function serveDocs(app: NestFastifyApplication, version: string): void {
  SwaggerModule.setup('docs', app, () => openApiDocument(app, version), {
    jsonDocumentUrl: 'openapi.json',
    yamlDocumentUrl: 'docs/openapi.yaml',
    customSiteTitle: 'Sluice API',
    swaggerOptions: { persistAuthorization: true, displayRequestDuration: true },
  });
}
