import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { buildSchema, parse, validate } from 'graphql';
import { STATUS } from '../../src/platform/http/problem.js';
import { parsed } from '../checks/reply.js';
import { documentBy } from '../graphql/documents.js';
import { HOSTILE_TEXTS, HOSTILE_VALUES } from '../hostile.js';
import type { Extent, Outcome, Part } from '../part.js';
import type { Target } from '../target.js';
import { type Ask, Client, type Reply } from '../wire/client.js';
import { curlOf } from '../wire/curl.js';

export const graphql: Part = {
  name: 'graphql',
  about: 'documents and variables drawn from openapi/schema.graphql, whole and broken',
  run,
};

/** Of what the fuzzers send, one in so many is GraphQL. */
const SHARE = 4;

interface Drawn {
  readonly query: string;
  readonly variables: unknown;
}

async function run(target: Target, { requests, seed }: Extent): Promise<Outcome> {
  const schema = buildSchema(readFileSync('openapi/schema.graphql', 'utf8'));
  const client = new Client(target);
  const whole = fc.array(fc.nat(200), { maxLength: 60 }).map((choices) => documentBy(schema, choices));
  const broken = fc
    .tuple(
      whole,
      fc.nat(400),
      fc.constantFrom('', '{', '}', '"', '...', '$x', '@a', '!', ...HOSTILE_TEXTS.slice(0, 20)),
    )
    .map(([text, at, by]) => text.slice(0, at % text.length) + by + text.slice((at % text.length) + 1));
  const drawn = fc.record({
    query: fc.oneof({ weight: 3, arbitrary: whole }, { weight: 1, arbitrary: broken }),
    variables: fc.oneof(
      { weight: 4, arbitrary: fc.constant({}) },
      { weight: 1, arbitrary: fc.constantFrom(...HOSTILE_VALUES) },
    ),
  });
  const isValid = ({ query, variables }: Drawn) => {
    if (typeof variables !== 'object' || Array.isArray(variables)) return false;
    try {
      return validate(schema, parse(query)).length === 0;
    } catch {
      return false;
    }
  };
  const property = fc.asyncProperty(drawn, async (one) => {
    const found = objectionsTo(await client.send(askOf(one)), isValid(one));
    if (found.length > 0) throw new Error(found.join('\n    '));
  });
  try {
    const found = await fc.check(property, { numRuns: Math.ceil(requests / SHARE), seed });
    const [one] = found.counterexample ?? [];
    const why = found.errorInstance instanceof Error ? found.errorInstance.message : '';
    const failures =
      one === undefined ? [] : [`${why}\n    ${curlOf(askOf(one))}\n    (--only graphql --seed ${found.seed})`];
    return { tried: client.sent, failures };
  } finally {
    client.close();
  }
}

function askOf(one: Drawn): Ask {
  return {
    method: 'POST',
    path: '/graphql',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(one),
  };
}

/** Each error has a code of ours, its problems and a trace id; what is invalid is not executed; nothing is wrong inside. */
function objectionsTo({ status, body }: Reply, valid: boolean): string[] {
  const reply = parsed(body);
  if (reply === undefined || status >= 500) return [`a ${status}: ${body.slice(0, 300)}`];
  if ('status' in reply) return status < 500 && status >= 400 ? [] : [`a problem as ${status}`];
  const errors = (reply['errors'] ?? []) as { message?: unknown; extensions?: Record<string, unknown> }[];
  const inside = errors.filter(({ extensions, message }) => {
    const { code, errors: problems, traceId } = extensions ?? {};
    const isKnown = typeof code === 'string' && code in STATUS && code !== 'internal' && code !== 'unavailable';
    return (
      !isKnown ||
      !Array.isArray(problems) ||
      typeof traceId !== 'string' ||
      /node_modules|\bat \S+:\d+/.test(String(message))
    );
  });
  return [
    ...inside.map((error) => `an error that is not ours: ${JSON.stringify(error).slice(0, 400)}`),
    ...(!valid && 'data' in reply ? [`it is no valid request, and was executed: ${body.slice(0, 200)}`] : []),
    ...(!valid && errors.length === 0 ? ['it is no valid request, and there are no errors'] : []),
    ...(errors.length === 0 && !('data' in reply) ? ['neither data nor errors'] : []),
  ];
}
