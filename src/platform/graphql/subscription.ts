import type { FastifyRequest } from 'fastify';
import {
  createSourceEventStream,
  type DocumentNode,
  execute,
  type ExecutionArgs,
  type ExecutionResult,
  getOperationAST,
  type GraphQLError,
  type GraphQLSchema,
  OperationTypeNode,
  parse,
  validate,
} from 'graphql';
import { holdSize, holdSubscription } from './execution.hooks.js';
import { errorsIn } from './graphql-errors.js';
import { graphqlContext } from './graphql.context.js';
import { type GraphQLRequest, readGraphQLRequest } from './graphql.request.js';
import { TOKENS_MAX } from './limits.js';
import { refusedArguments } from './refused-arguments.js';

/** What came of an execution, or why there was none. */
export interface Execution {
  readonly data?: unknown;
  readonly errors: readonly GraphQLError[];
}

/** Does the request ask for a subscription? What cannot be read does not. */
export function isSubscription(request: FastifyRequest): boolean {
  try {
    const { query, operationName } = readGraphQLRequest(request);
    const operation = getOperationAST(parsed(query), operationName);
    return operation?.operation === OperationTypeNode.SUBSCRIPTION;
  } catch {
    return false;
  }
}

/**
 * The results of a subscription, one for each event, after the same checks as of a query. Mercurius executes subscriptions for WebSockets only, so
 * this is GraphQL's own execution. Where the document or the subscription is refused, that is the only result.
 */
export function subscribed(
  schema: GraphQLSchema,
  request: FastifyRequest,
): AsyncIterableIterator<Execution, 'closing' | undefined> {
  return new Results(schema, request);
}

class Results implements AsyncIterableIterator<Execution, 'closing' | undefined> {
  private readonly asked: GraphQLRequest;
  private args: ExecutionArgs | undefined;
  private source: AsyncIterator<unknown> | undefined;
  private state: 'new' | 'flowing' | 'refused' | 'done' = 'new';

  constructor(
    private readonly schema: GraphQLSchema,
    private readonly request: FastifyRequest,
  ) {
    this.asked = readGraphQLRequest(request);
  }

  async next(): Promise<IteratorResult<Execution, 'closing' | undefined>> {
    if (this.state === 'new') {
      const errors = await this.begin().catch(errorsIn);
      if (errors.length > 0) {
        this.state = 'refused';
        return { value: { errors }, done: false };
      }
    }
    if (this.state === 'refused' || this.source === undefined) return { value: undefined, done: true };
    const event = await this.source.next();
    if (event.done === true) return { value: 'closing', done: true };
    return { value: await this.result(event.value), done: false };
  }

  async return(): Promise<IteratorResult<Execution, 'closing' | undefined>> {
    this.state = 'done';
    await this.source?.return?.();
    return { value: undefined, done: true };
  }

  /** Gives what is wrong, if something is. */
  private async begin(): Promise<readonly GraphQLError[]> {
    const { schema, asked, request } = this;
    const document = parsed(asked.query);
    holdSize(document);
    const invalid = validate(schema, document);
    if (invalid.length > 0) return this.refused(invalid);
    const variableValues = holdSubscription(schema, document, asked);
    const { operationName } = asked;
    this.args = { schema, document, variableValues, operationName };
    const source = await createSourceEventStream({ ...this.args, contextValue: graphqlContext(request.sluice) });
    if (!(Symbol.asyncIterator in source)) return source.errors ?? [];
    this.source = source[Symbol.asyncIterator]();
    if (this.state === 'done')
      await this.return(); // let go meanwhile
    else this.state = 'flowing';
    return [];
  }

  private async refused(invalid: readonly GraphQLError[]): Promise<readonly GraphQLError[]> {
    const told = await refusedArguments(this.schema, this.asked, graphqlContext(this.request.sluice));
    return told.length > 0 ? told : invalid;
  }

  /** With a context of its own: what loaders remember, they remember for one event, and what it tells is newer than what was demanded. */
  private async result(rootValue: unknown): Promise<Execution> {
    const contextValue = graphqlContext({ ...this.request.sluice, now: new Date(), readFrom: 'primary' });
    const { data, errors = [] }: ExecutionResult = await execute({ ...this.args!, rootValue, contextValue });
    return { data, errors };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}

function parsed(query: string): DocumentNode {
  return parse(query, { maxTokens: TOKENS_MAX });
}
