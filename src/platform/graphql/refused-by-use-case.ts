import {
  coerceInputValue,
  type FieldNode,
  getNamedType,
  GraphQLError,
  type GraphQLField,
  type GraphQLSchema,
  isInputObjectType,
  isRequiredArgument,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  valueFromASTUntyped,
} from 'graphql';
import { SluiceError } from '../../domain/errors.js';
import type { GraphQLContext } from './graphql.context.js';
import type { Variables } from './graphql.request.js';

/**
 * GraphQL refuses an input of the wrong shape in words of its own, and knows nothing of what else is wrong with it. So a mutation whose
 * arguments it refuses is shown to the use case, dry: that refuses the same input in the same way as by REST. Gives nothing where some
 * argument is not for the use case to refuse.
 */
export async function refusedByUseCases(
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
