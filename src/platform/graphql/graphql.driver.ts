import { Inject } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { GraphQLSchemaFactory } from '@nestjs/graphql';
import { ResolversExplorerService } from '@nestjs/graphql/dist/services/resolvers-explorer.service.js';
import { MercuriusDriver, type MercuriusDriverConfig } from '@nestjs/mercurius';
import type { FastifyInstance } from 'fastify';
import { type GraphQLFieldResolver, type GraphQLSchema, isObjectType } from 'graphql';
import { ReadSources } from '../../store/reads.js';
import { EventStreams } from '../http/event-streams.js';
import { registerGraphiQL } from './graphiql.page.js';
import type { Report } from './graphql-errors.js';
import { registerGraphQLRoute } from './graphql.route.js';
import { DOCUMENTS_KEPT, TOKENS_MAX } from './limits.js';
import { registerChecks } from './execution.hooks.js';

export interface GraphQLDoorConfig extends MercuriusDriverConfig {
  readonly report: Report;
}

/**
 * Mercurius with doors of our own: the route speaks GraphQL over HTTP and our errors, the schema is made once. (Nest's own way makes it
 * from the classes, prints it, reads the print and makes it again, which takes time and memory at every start.)
 */
export class GraphQLDoor extends MercuriusDriver {
  @Inject(GraphQLSchemaFactory)
  private readonly schemas!: GraphQLSchemaFactory;

  @Inject(ResolversExplorerService)
  private readonly resolvers!: ResolversExplorerService;

  @Inject(ModuleRef)
  private readonly modules!: ModuleRef;

  override async generateSchema(): Promise<GraphQLSchema> {
    const schema = await this.schemas.create(this.resolvers.getAllCtors(), { skipCheck: true });
    attach(schema, this.resolvers.explore() as Resolvers);
    return schema;
  }

  override async start({ report, ...options }: GraphQLDoorConfig): Promise<void> {
    await super.start({
      ...options,
      jit: 1,
      routes: false,
      cache: DOCUMENTS_KEPT as never,
      graphql: { parseOptions: { maxTokens: TOKENS_MAX } },
      // The route formats errors; here they only pass.
      errorFormatter: ({ data, errors }) => ({ statusCode: 200, response: { data, errors } as never }),
    });
    const fastify = this.httpAdapterHost.httpAdapter.getInstance<FastifyInstance>();
    registerChecks(fastify);
    const sources = this.modules.get(ReadSources, { strict: false });
    registerGraphQLRoute(fastify, this.modules.get(EventStreams, { strict: false }), sources, report);
    registerGraphiQL(fastify);
  }
}

type Resolve = GraphQLFieldResolver<unknown, unknown>;
type Resolvers = Readonly<
  Record<string, Readonly<Record<string, Resolve | { readonly subscribe: Resolve; readonly resolve: Resolve }>>>
>;

/** Gives the fields of a schema their resolvers. */
function attach(schema: GraphQLSchema, resolvers: Resolvers): void {
  for (const [name, fields] of Object.entries(resolvers)) {
    const type = schema.getType(name);
    if (!isObjectType(type)) throw new Error(`resolvers for ${name}, which is not a type of the schema`);
    for (const [field, resolve] of Object.entries(fields)) {
      const target = type.getFields()[field];
      if (target === undefined) throw new Error(`a resolver for ${name}.${field}, which is not a field`);
      if (typeof resolve === 'function') target.resolve = resolve;
      else Object.assign(target, resolve);
    }
  }
}
