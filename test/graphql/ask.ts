import type { TestApp } from '../support/app.js';

/** What came of one GraphQL request. */
export interface Reply {
  readonly status: number;
  readonly data: any;
  readonly errors: readonly GraphQLProblem[] | undefined;
}

export interface GraphQLProblem {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions: { readonly code: string; readonly errors: readonly any[]; readonly traceId: string };
}

/** Sends a document as clients do: JSON by POST, with the admin token where no other is given. */
export async function ask(
  sluice: TestApp,
  query: string,
  variables: object = {},
  headers: Readonly<Record<string, string>> = {},
): Promise<Reply> {
  const { status, body } = await sluice.request.post('/graphql').set(headers).send({ query, variables });
  return { status, data: body.data, errors: body.errors };
}

/** The data, where nothing went wrong. */
export async function dataOf(sluice: TestApp, query: string, variables: object = {}): Promise<any> {
  const { data, errors } = await ask(sluice, query, variables);
  if (errors !== undefined) throw new Error(JSON.stringify(errors, undefined, 1));
  return data;
}
