import { Body, Delete, Get, Inject, Param, Patch, Post, Put, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import type { Filter, Key } from '../../store/model-store.js';
import type { RequestContext } from '../context.js';
import { KeptAnswers } from '../http/kept-answers.js';
import { nextUrl } from '../http/page.js';
import { REVISION_HEADER } from '../http/min-revision.js';
import { etagOf, noneMatchHits, readPrecondition } from '../http/preconditions.js';
import { Ctx, pagingQuery, ParsedQuery, writeQuery } from '../http/request.js';
import { bodyGiven, Describe, jsonOf, pageOf } from '../openapi/describe.js';
import type { ResourceService, Written } from './resource.service.js';

/** How a resource of the model looks by REST. */
export interface RestResource {
  /** The schema's name in the OpenAPI document: `Team`. */
  readonly schema: string;
  readonly plural: string;
  /** `/v1/applications/:application/tiers` */
  readonly path: string;
  /** The parameters of the item's path and the key field that each one is, outermost first. */
  readonly params: Readonly<Record<string, string>>;
  readonly filters?: z.ZodObject;
  /** The schema of the reply to a creation, where that says what no other reply does. */
  readonly created?: string;
  /** Placements are put where they belong, never posted. */
  readonly methods?: 'all' | 'put-only';
}

const IF_MATCH = {
  'If-Match': { description: 'The ETag of the object that this replaces (428 without, 412 on a mismatch)' },
};
const REASON = { 'Sluice-Reason': { description: 'Why: kept in the change log' } };
const IDEMPOTENCY = {
  'Idempotency-Key': { description: 'The same key and body: the stored reply; another body: 422; in flight: 409' },
};

/**
 * The controller that all resources of the model share; a feature extends it and names its service.
 * Lists page by cursor, every object has a strong ETag, PUT, PATCH and DELETE hold to If-Match, POST takes an Idempotency-Key.
 */
export function resourceController(rest: RestResource) {
  const last = Object.keys(rest.params).at(-1) ?? 'name';
  const item = `${rest.path}/:${last}`;
  const outer = Object.keys(rest.params).slice(0, -1);
  const word = rest.schema.toLowerCase();
  const aWord = `${/^[aeiou]/.test(word) ? 'an' : 'a'} ${word}`;
  const doc = (id: string, summary: string, params: readonly string[]) => ({
    id,
    tag: rest.plural,
    summary,
    params: Object.fromEntries(params.map((name) => [name, `Name of the ${name}`])),
  });
  const itemParams = Object.keys(rest.params);
  const listQuery = rest.filters ? pagingQuery.extend(rest.filters.shape) : pagingQuery;
  const write = { query: writeQuery, responses: {} };
  const keyFields = Object.values(rest.params);
  const body = (method: 'Post' | 'Put', given: readonly string[]) => ({
    description: `The ${word}`,
    content: bodyGiven(rest.schema, method, given),
  });
  const stored = {
    description: `The ${word}`,
    content: jsonOf(rest.schema),
    headers: ['ETag' as const, 'Sluice-Revision' as const],
  };
  const created = {
    description: stored.description,
    content: jsonOf(rest.created ?? rest.schema),
    headers: [
      'ETag' as const,
      'Sluice-Revision' as const,
      'Location' as const,
      ...(rest.created ? ['Cache-Control' as const] : []),
    ],
  };
  const onlyIf = (condition: boolean, ...decorators: MethodDecorator[]): MethodDecorator => {
    return (target, name, descriptor) => {
      if (condition) for (const decorate of decorators.toReversed()) decorate(target, name, descriptor);
    };
  };
  const all = rest.methods !== 'put-only';

  abstract class ResourceController {
    @Inject(KeptAnswers) private readonly kept!: KeptAnswers;
    protected abstract readonly service: ResourceService<object>;

    @Get(rest.path)
    @Describe({
      ...doc(`list${rest.plural}`, `List ${rest.plural.toLowerCase()}`, outer),
      query: listQuery,
      responses: {
        200: { description: 'One page', content: pageOf(rest.schema), headers: ['Link', 'Sluice-Revision'] },
      },
    })
    async list(
      @Ctx() ctx: RequestContext,
      @Param() params: Record<string, string>,
      @ParsedQuery(listQuery) query: Record<string, unknown>,
      @Req() request: FastifyRequest,
      @Res({ passthrough: true }) reply: FastifyReply,
    ): Promise<object> {
      const { pageSize, pageToken, ...filters } = query as { pageSize?: number; pageToken?: string } & Filter;
      const asked = { ...filters, ...keyOf(params) };
      const { page, modelRevision } = await this.service.listAt(ctx, asked, { pageSize, pageToken });
      void reply.header(REVISION_HEADER, modelRevision);
      if (page.nextPageToken !== undefined)
        void reply.header('link', `<${nextUrl(request.url, page.nextPageToken)}>; rel="next"`);
      return { ...page, items: page.items.map((stored) => stored.value) };
    }

    @Get(item)
    @Describe({
      ...doc(`get${rest.schema}`, `Get one ${word}`, itemParams),
      responses: { 200: stored, 304: { description: 'Unchanged (If-None-Match)' } },
    })
    async get(
      @Ctx() ctx: RequestContext,
      @Param() params: Record<string, string>,
      @Req() request: FastifyRequest,
      @Res({ passthrough: true }) reply: FastifyReply,
    ): Promise<object | undefined> {
      const { stored: found, stands } = await this.service.getStanding(ctx, keyOf(params));
      const { value, revision } = found;
      void reply.header('etag', etagOf(revision)).header(REVISION_HEADER, Math.max(revision, ctx.minRevision ?? 0));
      if (stands !== undefined) this.kept.keepWhole(request, reply, stands);
      if (!noneMatchHits(request.headers['if-none-match'], etagOf(revision))) return value;
      void reply.status(304);
      return undefined;
    }

    @onlyIf(
      all,
      Post(rest.path),
      Describe({
        ...doc(`create${rest.schema}`, `Create ${aWord}`, outer),
        ...write,
        headers: { ...IDEMPOTENCY, ...REASON },
        body: body('Post', keyFields.slice(0, -1)),
        responses: { 201: created },
      }),
    )
    async create(
      @Ctx() ctx: RequestContext,
      @Param() params: Record<string, string>,
      @ParsedQuery(writeQuery) _query: unknown,
      @Body() raw: unknown,
      @Res({ passthrough: true }) reply: FastifyReply,
    ): Promise<object> {
      return this.sendWritten(ctx, reply, await this.service.create(ctx, raw, keyOf(params)));
    }

    @Put(item)
    @Describe({
      ...doc(`put${rest.schema}`, `Replace ${aWord}, or create it with If-None-Match: *`, itemParams),
      ...write,
      headers: {
        ...IF_MATCH,
        'If-None-Match': { description: '* creates, and fails where the object exists' },
        ...REASON,
      },
      body: body('Put', keyFields),
      responses: { 200: stored, 201: created },
    })
    async put(
      @Ctx() ctx: RequestContext,
      @Param() params: Record<string, string>,
      @ParsedQuery(writeQuery) _query: unknown,
      @Body() raw: unknown,
      @Req() request: FastifyRequest,
      @Res({ passthrough: true }) reply: FastifyReply,
    ): Promise<object> {
      return this.sendWritten(
        ctx,
        reply,
        await this.service.put(ctx, keyOf(params), raw, readPrecondition(request.headers)),
      );
    }

    @onlyIf(
      all,
      Patch(item),
      Describe({
        ...doc(`patch${rest.schema}`, `Change ${aWord} by JSON Merge Patch (RFC 7396)`, itemParams),
        ...write,
        headers: { ...IF_MATCH, ...REASON },
        body: {
          description: 'The fields that change; null removes one, or is its value where null is one',
          content: patchContent(),
        },
        responses: { 200: stored },
      }),
    )
    async patch(
      @Ctx() ctx: RequestContext,
      @Param() params: Record<string, string>,
      @ParsedQuery(writeQuery) _query: unknown,
      @Body() patch: unknown,
      @Req() request: FastifyRequest,
      @Res({ passthrough: true }) reply: FastifyReply,
    ): Promise<object> {
      return this.sendWritten(
        ctx,
        reply,
        await this.service.patch(ctx, keyOf(params), patch, readPrecondition(request.headers)),
      );
    }

    @Delete(item)
    @Describe({
      ...doc(`delete${rest.schema}`, `Delete ${aWord} that nothing refers to`, itemParams),
      ...write,
      headers: { ...IF_MATCH, ...REASON },
      responses: { 204: { description: 'Deleted', headers: ['Sluice-Revision'] } },
    })
    async remove(
      @Ctx() ctx: RequestContext,
      @Param() params: Record<string, string>,
      @ParsedQuery(writeQuery) _query: unknown,
      @Req() request: FastifyRequest,
      @Res({ passthrough: true }) reply: FastifyReply,
    ): Promise<void> {
      const revision = await this.service.remove(ctx, keyOf(params), readPrecondition(request.headers));
      sayRevision(ctx, reply, revision);
      void reply.status(204);
    }

    private sendWritten(
      ctx: RequestContext,
      reply: FastifyReply,
      { value, revision, created: isNew }: Written<object>,
    ): object {
      sayRevision(ctx, reply, revision);
      void reply.status(isNew ? 201 : 200).header('etag', etagOf(revision));
      if (isNew) void reply.header('location', this.locationOf(value));
      if (isNew && rest.created !== undefined) void reply.header('cache-control', 'no-store');
      return value;
    }

    private locationOf(value: object): string {
      const key = this.service.keyOf(value);
      return item.replace(/:(\w+)/g, (_, param: string) => key[rest.params[param] ?? 'name'] ?? '');
    }
  }

  function keyOf(params: Record<string, string>): Key {
    return Object.fromEntries(Object.entries(params).map(([param, value]) => [rest.params[param] ?? param, value]));
  }

  return ResourceController;
}

/** A dry run makes no revision: who demanded the one it would have made would wait for another's. */
function sayRevision({ dryRun }: RequestContext, reply: FastifyReply, revision: number): void {
  if (!dryRun) void reply.header(REVISION_HEADER, revision);
}

function patchContent(): Record<string, object> {
  const schema = { type: 'object', additionalProperties: true };
  return { 'application/merge-patch+json': { schema }, 'application/json': { schema } };
}
