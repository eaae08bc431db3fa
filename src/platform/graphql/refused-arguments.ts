import {
  coerceInputValue,
  type FieldNode,
  getNamedType,
  getOperationAST,
  GraphQLError,
  type GraphQLField,
  type GraphQLSchema,
  isInputObjectType,
  isRequiredArgument,
  Kind,
  OperationTypeNode,
  parse,
  ProvidedRequiredArgumentsRule,
  specifiedRules,
  validate,
  valueFromASTUntyped,
  ValuesOfCorrectTypeRule,
} from 'graphql';
import type { GraphQLContext } from './graphql.context.js';
import type { GraphQLRequest } from './graphql.request.js';
import { TOKENS_MAX } from './limits.js';

/** The rules that the arguments of a document break, and nothing else of it. */
const ARGUMENT_RULES = [ValuesOfCorrectTypeRule, ProvidedRequiredArgumentsRule];
const OTHER_RULES = specifiedRules.filter((rule) => !ARGUMENT_RULES.includes(rule));

/**
 * GraphQL refuses an input of the wrong shape in words of its own, and knows nothing of what else is wrong with it. So a mutation that
 * it refuses for its arguments alone is shown to the use case, dry: that refuses the same input in the same way as by REST, with
 * every problem at once. Gives nothing where the use case has nothing to say, and GraphQL's own errors stand.
 */
export async function refusedByUseCase(
  schema: GraphQLSchema,
  { query, operationName, variables }: GraphQLRequest,
  gql: GraphQLContext,
): Promise<GraphQLError[]> {
  const document = parseOrNothing(query);
  const operation = document && getOperationAST(document, operationName);
  if (operation?.operation !== OperationTypeNode.MUTATION || validate(schema, document!, OTHER_RULES).length > 0)
    return [];
  const errors: GraphQLError[] = [];
  for (const node of operation.selectionSet.selections) {
    if (node.kind !== Kind.FIELD || (node.directives?.length ?? 0) > 0) return [];
    const field = schema.getMutationType()?.getFields()[node.name.value];
    const read = field && readArguments(field, node, variables);
    if (read === undefined) return [];
    const refusal = read.fit ? undefined : await ask(field!, node, read.args, gql);
    if (refusal === undefined && !read.fit) return [];
    if (refusal !== undefined) errors.push(refusal);
  }
  return errors;
}

function parseOrNothing(query: string) {
  try {
    return parse(query, { maxTokens: TOKENS_MAX });
  } catch {
    return undefined;
  }
}

/**
 * The arguments as GraphQL would hand them on; those that do not fit, as they are, if a use case can bear them: inputs are read by its
 * schema, and an ifMatch that is missing has a code of its own.
 */
function readArguments(field: GraphQLField<unknown, unknown>, node: FieldNode, variables: GraphQLRequest['variables']) {
  const args: Record<string, unknown> = {};
  let fit = true;
  for (const arg of field.args) {
    const given = node.arguments?.find((candidate) => candidate.name.value === arg.name);
    const raw = given && valueFromASTUntyped(given.value, variables);
    if (raw === undefined) {
      if (!isRequiredArgument(arg)) continue;
      if (arg.name !== 'ifMatch') return undefined;
      fit = false;
      continue;
    }
    let fits = true;
    args[arg.name] = coerceInputValue(raw, arg.type, () => (fits = false));
    if (fits) continue;
    if (!isInputObjectType(getNamedType(arg.type)) || typeof raw !== 'object' || raw === null) return undefined;
    args[arg.name] = raw;
    fit = false;
  }
  return { args, fit };
}

async function ask(
  field: GraphQLField<unknown, unknown>,
  node: FieldNode,
  args: object,
  gql: GraphQLContext,
): Promise<GraphQLError | undefined> {
  try {
    await field.resolve?.({}, { ...args, dryRun: true }, gql, undefined as never);
    return undefined;
  } catch (error) {
    const path = [(node.alias ?? node.name).value];
    return new GraphQLError((error as Error).message, { nodes: node, path, originalError: error as Error });
  }
}
