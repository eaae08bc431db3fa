import {
  coerceInputValue,
  type DocumentNode,
  type FieldNode,
  getNamedType,
  getOperationAST,
  GraphQLError,
  type GraphQLField,
  type GraphQLSchema,
  isInputObjectType,
  isInputType,
  isNonNullType,
  isRequiredArgument,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  parse,
  ProvidedRequiredArgumentsRule,
  specifiedRules,
  typeFromAST,
  validate,
  valueFromASTUntyped,
  ValuesOfCorrectTypeRule,
  type VariableDefinitionNode,
} from 'graphql';
import { type Problem, SluiceError } from '../../domain/errors.js';
import { pointer } from '../../schema/parse.js';
import type { GraphQLContext } from './graphql.context.js';
import type { GraphQLRequest } from './graphql.request.js';
import { TOKENS_MAX } from './limits.js';

type Variables = GraphQLRequest['variables'];

/** The rules that the arguments of a document break, and nothing else of it. */
const ARGUMENT_RULES = [ValuesOfCorrectTypeRule, ProvidedRequiredArgumentsRule];
const OTHER_RULES = specifiedRules.filter((rule) => !ARGUMENT_RULES.includes(rule));

/**
 * What is wrong with the arguments of a request that GraphQL refused, if they are what is wrong with it: every problem at once, with
 * its place and value. Gives nothing where GraphQL's own errors say it best.
 */
export async function refusedArguments(
  schema: GraphQLSchema,
  { method, query, operationName, variables }: GraphQLRequest,
  gql: GraphQLContext,
): Promise<readonly GraphQLError[]> {
  const document = parseOrNothing(query);
  const operation = document && getOperationAST(document, operationName);
  if (!operation || validate(schema, document, OTHER_RULES).length > 0) return [];
  const refused = method === 'POST' ? await refusedByUseCases(schema, operation, variables, gql) : [];
  if (refused.length > 0) return refused;
  const problems = (operation.variableDefinitions ?? []).flatMap((node) => variableProblems(schema, node, variables));
  if (problems.length === 0) return [];
  const error = new SluiceError('malformed', `the variables are wrong: ${problems[0]?.detail}`, problems);
  return [new GraphQLError(error.message, { originalError: error })];
}

function parseOrNothing(query: string): DocumentNode | undefined {
  try {
    return parse(query, { maxTokens: TOKENS_MAX });
  } catch {
    return undefined;
  }
}

/**
 * GraphQL refuses an input of the wrong shape in words of its own, and knows nothing of what else is wrong with it. So a mutation whose
 * arguments it refuses is shown to the use case, dry: that refuses the same input in the same way as by REST.
 */
async function refusedByUseCases(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  variables: Variables,
  gql: GraphQLContext,
): Promise<readonly GraphQLError[]> {
  if (operation.operation !== OperationTypeNode.MUTATION) return [];
  const errors: GraphQLError[] = [];
  for (const node of operation.selectionSet.selections) {
    const field = node.kind === Kind.FIELD ? schema.getMutationType()?.getFields()[node.name.value] : undefined;
    if (field === undefined || node.kind !== Kind.FIELD) return [];
    const { fit, args } = readArguments(field, node, variables);
    const refusal = fit === 'hardly' ? await ask(field, node, args, gql) : undefined;
    if (refusal !== undefined) errors.push(refusal);
    else if (fit !== 'well') return [];
  }
  return errors;
}

/** `hardly`: some do not fit, but a use case can bear them: inputs, which its schema reads, and an ifMatch that is not there. */
interface ReadArguments {
  readonly fit: 'well' | 'hardly' | 'not';
  readonly args: Readonly<Record<string, unknown>>;
}

function readArguments(field: GraphQLField<unknown, unknown>, node: FieldNode, variables: Variables): ReadArguments {
  const args: Record<string, unknown> = {};
  let fit: ReadArguments['fit'] = 'well';
  for (const arg of field.args) {
    const given = node.arguments?.find((candidate) => candidate.name.value === arg.name);
    const raw = given && valueFromASTUntyped(given.value, variables);
    let bad = raw === undefined && isRequiredArgument(arg);
    if (raw !== undefined) args[arg.name] = coerceInputValue(raw, arg.type, () => (bad = true));
    if (!bad) continue;
    const bearable = raw === undefined ? arg.name === 'ifMatch' : isInputObjectType(getNamedType(arg.type));
    if (!bearable) return { fit: 'not', args };
    args[arg.name] = raw;
    fit = 'hardly';
  }
  return { fit, args };
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
    if (!(error instanceof SluiceError)) return undefined;
    const path = [(node.alias ?? node.name).value];
    return new GraphQLError(error.message, { nodes: node, path, originalError: error });
  }
}

function variableProblems(schema: GraphQLSchema, node: VariableDefinitionNode, variables: Variables): Problem[] {
  const name = node.variable.name.value;
  const type = typeFromAST(schema, node.type as never);
  if (!isInputType(type)) return [];
  const value = variables[name];
  if (value === undefined) {
    if (!isNonNullType(type) || node.defaultValue !== undefined) return [];
    const detail = `$${name} is required (${type.toString()})`;
    return [{ pointer: pointer(['variables', name]), code: 'required', detail }];
  }
  const problems: Problem[] = [];
  coerceInputValue(value, type, (path, met, { message }) => {
    problems.push({ pointer: pointer(['variables', name, ...path]), code: 'wrong-type', detail: message, value: met });
  });
  return problems;
}
