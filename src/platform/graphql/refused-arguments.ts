import {
  coerceInputValue,
  type DocumentNode,
  getOperationAST,
  GraphQLError,
  type GraphQLSchema,
  isInputType,
  isNonNullType,
  parse,
  ProvidedRequiredArgumentsRule,
  specifiedRules,
  typeFromAST,
  validate,
  ValuesOfCorrectTypeRule,
  type VariableDefinitionNode,
} from 'graphql';
import { type Problem, PROBLEMS_MAX, SluiceError } from '../../domain/errors.js';
import { pointer, shorten } from '../../schema/parse.js';
import { withoutSuggestion } from './graphql-errors.js';
import type { GraphQLContext } from './graphql.context.js';
import type { GraphQLRequest, Variables } from './graphql.request.js';
import { TOKENS_MAX } from './limits.js';
import { refusedByUseCases } from './refused-by-use-case.js';

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
  const all = (operation.variableDefinitions ?? []).flatMap((node) => variableProblems(schema, node, variables));
  const problems = all.slice(0, PROBLEMS_MAX);
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
    problems.push({
      pointer: pointer(['variables', name, ...path]),
      code: 'wrong-type',
      detail: withoutSuggestion(message),
      value: shorten(met),
    });
  });
  return problems;
}
