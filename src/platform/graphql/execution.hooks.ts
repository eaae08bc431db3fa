import type { FastifyInstance } from 'fastify';
import {
  type DocumentNode,
  getOperationAST,
  getVariableValues,
  type GraphQLSchema,
  Location,
  type OperationDefinitionNode,
  OperationTypeNode,
} from 'graphql';
import { type Problem, SluiceError } from '../../domain/errors.js';
import { documentSize } from './document-size.js';
import type { ExecutionContext } from './graphql.context.js';
import type { GraphQLRequest, Variables } from './graphql.request.js';
import { ALIASES_MAX, DEPTH_MAX, DIRECTIVES_MAX, OBJECTS_MAX, REPEATS_MAX, SELECTIONS_MAX } from './limits.js';
import { objectCount } from './object-count.js';

/** Of variables; GraphQL itself stops there too. */
const ERRORS_MAX = 50;

/** What a document is refused for before it is executed, beside GraphQL's own rules. */
export function registerChecks({ graphql }: FastifyInstance): void {
  graphql.addHook('preValidation', async (_schema, document) => {
    // Mercurius takes a syntax tree in JSON for a document too: nothing has checked one.
    if (!(document.loc instanceof Location)) throw new SluiceError('malformed', 'the document is not GraphQL');
    holdSize(document);
  });
  graphql.addHook('preExecution', async (schema, document, context) => {
    const { method, operationName, variables } = (context as unknown as ExecutionContext).asked;
    const operation = operationOf(document, operationName);
    holdMethod(operation, method);
    const read = readVariables(schema, operation, variables);
    holdComplexity(schema, document, operation, read);
    return { variables: read };
  });
}

/** The same for a subscription, which does not come this way. Takes a valid document; gives the variables as they are read. */
export function holdSubscription(schema: GraphQLSchema, document: DocumentNode, asked: GraphQLRequest): Variables {
  const operation = operationOf(document, asked.operationName);
  const read = readVariables(schema, operation, asked.variables);
  holdComplexity(schema, document, operation, read);
  return read;
}

function operationOf(document: DocumentNode, name: string | undefined): OperationDefinitionNode {
  const operation = getOperationAST(document, name);
  if (operation) return operation;
  const names = document.definitions.flatMap((node) => ('operation' in node ? [node.name?.value ?? 'unnamed'] : []));
  const detail =
    name === undefined ? 'say by operationName which one to execute' : `operation "${name}" is not in the document`;
  throw new SluiceError('malformed', `${detail} (have: ${names.sort().join(', ')})`);
}

function holdMethod({ operation }: OperationDefinitionNode, method: 'GET' | 'POST'): void {
  if (operation === OperationTypeNode.SUBSCRIPTION)
    throw new SluiceError('not-acceptable', 'a subscription is a stream: send Accept: text/event-stream');
  if (method === 'GET' && operation !== OperationTypeNode.QUERY)
    throw new SluiceError('method-not-allowed', `GET is for queries: send a ${operation} by POST`);
}

/**
 * By GraphQL's own reading, which the compiled form of a document would do a second time and not well: it does not know defaults of
 * input fields that must not be null. Of variables that are read already it has nothing to say.
 */
function readVariables(schema: GraphQLSchema, operation: OperationDefinitionNode, variables: Variables): Variables {
  const { coerced, errors } = getVariableValues(schema, operation.variableDefinitions ?? [], variables, {
    maxErrors: ERRORS_MAX,
  });
  if (errors !== undefined) throw new AggregateError(errors);
  return coerced;
}

/** Before GraphQL validates: some of its rules take long over documents that are wide, and none needs them so wide. */
export function holdSize(document: DocumentNode): void {
  const size = documentSize(document);
  refuseLimits([
    over('too-deep', size.depth, DEPTH_MAX, 'fields within fields'),
    over('too-many-aliases', size.aliases, ALIASES_MAX, 'aliases'),
    over('too-many-selections', size.selections, SELECTIONS_MAX, 'fields, all fragments written out'),
    over('too-many-directives', size.directives, DIRECTIVES_MAX, 'directives'),
    over('too-many-repeats', size.repeats, REPEATS_MAX, 'times the same field in one selection'),
  ]);
}

/** Before GraphQL executes, as only then the variables are known. */
function holdComplexity(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Variables,
): void {
  const objects = objectCount(schema, document, operation, variables);
  refuseLimits([over('too-complex', objects, OBJECTS_MAX, 'objects, at a guess: ask for fewer of them with first')]);
}

function over(code: string, count: number, most: number, what: string): Problem | undefined {
  if (count <= most) return undefined;
  const detail = `the document has ${count} ${what} (at most ${most})`;
  return { pointer: '#/query', code, detail, value: count };
}

function refuseLimits(found: readonly (Problem | undefined)[]): void {
  const problems = found.filter((problem) => problem !== undefined);
  const [first] = problems;
  if (first !== undefined) throw new SluiceError('malformed', first.detail, problems);
}
