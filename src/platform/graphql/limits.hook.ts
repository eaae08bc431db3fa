import type { FastifyInstance } from 'fastify';
import {
  type DocumentNode,
  getOperationAST,
  type GraphQLSchema,
  Location,
  type OperationDefinitionNode,
  OperationTypeNode,
} from 'graphql';
import { type Problem, SluiceError } from '../../domain/errors.js';
import type { ExecutionContext } from './graphql.route.js';
import { documentSize } from './document-size.js';
import { ALIASES_MAX, DEPTH_MAX, DIRECTIVES_MAX, OBJECTS_MAX, REPEATS_MAX } from './limits.js';
import { objectCount } from './object-count.js';

/** Everything that a document is refused for before it is executed, and that GraphQL itself does not refuse. */
export function registerLimits({ graphql }: FastifyInstance): void {
  graphql.addHook('preValidation', async (_schema, document) => {
    // Mercurius takes a syntax tree in JSON for a document too: nothing has checked one.
    if (!(document.loc instanceof Location)) throw new SluiceError('malformed', 'the document is not GraphQL');
    holdSize(document);
  });
  graphql.addHook('preExecution', async (schema, document, context, variables) => {
    const { asked } = context as unknown as ExecutionContext;
    const operation = operationOf(document, asked.operationName);
    if (asked.method === 'GET' && operation.operation !== OperationTypeNode.QUERY)
      throw new SluiceError('method-not-allowed', `GET is for queries: send a ${operation.operation} by POST`);
    holdComplexity(schema, document, operation, variables ?? {});
  });
}

function operationOf(document: DocumentNode, name: string | undefined): OperationDefinitionNode {
  const operation = getOperationAST(document, name);
  if (operation) return operation;
  const names = document.definitions.flatMap((node) => ('operation' in node ? [node.name?.value ?? 'unnamed'] : []));
  const detail =
    name === undefined ? 'say by operationName which one to execute' : `operation "${name}" is not in the document`;
  throw new SluiceError('malformed', `${detail} (have: ${names.sort().join(', ')})`);
}

/** Before GraphQL validates: some of its rules take long over documents that are wide, and none needs them so wide. */
function holdSize(document: DocumentNode): void {
  const size = documentSize(document);
  refuseLimits([
    over('too-deep', size.depth, DEPTH_MAX, 'fields within fields'),
    over('too-many-aliases', size.aliases, ALIASES_MAX, 'aliases'),
    over('too-many-directives', size.directives, DIRECTIVES_MAX, 'directives'),
    over('too-many-repeats', size.repeats, REPEATS_MAX, 'times the same field in one selection'),
  ]);
}

/** Before GraphQL executes, as only then the variables are known. */
function holdComplexity(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>>,
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
