import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { SluiceError } from '../../domain/errors.js';
import { toSluiceError } from '../http/to-sluice-error.js';

/** Told of errors that the client does not see, as the filter of the HTTP doors is. */
export type Report = (error: SluiceError, traceId: string) => void;

/** The errors in whatever was thrown: Mercurius carries those of parsing, validation and coercion in one of its own. */
export function errorsIn(thrown: unknown): readonly GraphQLError[] {
  if (thrown instanceof GraphQLError) return [thrown];
  const carried = (thrown as { errors?: unknown } | null)?.errors;
  if (Array.isArray(carried) && carried.every((error) => error instanceof GraphQLError)) return carried;
  const { message } = toSluiceError(thrown);
  return [new GraphQLError(message, { originalError: thrown as Error })];
}

/**
 * What an error means to a client: what the use case refused, with its code and problems; `malformed` for what GraphQL itself
 * refuses before it executes; `internal` for anything else.
 */
export function meaningOf(error: GraphQLError): SluiceError {
  const { originalError } = error;
  const own = originalError === undefined || originalError instanceof GraphQLError;
  if (own && error.path === undefined) {
    const detail = withoutSuggestion(error.message);
    return new SluiceError('malformed', detail, [{ pointer: '#/query', code: 'document', detail }]);
  }
  return toSluiceError(own ? error : originalError);
}

const SUGGESTION = ' Did you mean ';

/**
 * What GraphQL says of a document, less the names that it would suggest: who may know the schema can ask for it.
 * @example withoutSuggestion('Cannot query field "nam" on type "Team". Did you mean "name"?') // 'Cannot query field "nam" on type "Team".'
 */
export function withoutSuggestion(message: string): string {
  const at = message.lastIndexOf(SUGGESTION);
  return at < 0 || !message.endsWith('?') ? message : message.slice(0, at);
}

/** As it is sent: `extensions` has what REST's problem+json has. */
export function formatError(error: GraphQLError, traceId: string, report: Report): GraphQLFormattedError {
  const meaning = meaningOf(error);
  if (meaning.code === 'internal' || meaning.code === 'unavailable') report(meaning, traceId);
  const { locations, path } = error;
  return {
    message: meaning.message,
    ...(locations === undefined ? {} : { locations }),
    ...(path === undefined ? {} : { path }),
    extensions: { code: meaning.code, errors: meaning.problems, traceId },
  };
}
