import { objectionsToReply, parsed } from '../checks/reply.js';
import type { Outcome, Part } from '../part.js';
import type { Target } from '../target.js';
import { type Ask, Client, type Reply } from '../wire/client.js';
import { curlOf } from '../wire/curl.js';

export const scanners: Part = {
  name: 'scanners',
  about: 'what scanners of GraphQL look for',
  run,
};

interface Check {
  readonly name: string;
  readonly ask: Ask;
  /** What is not as it should be. */
  readonly objections: (reply: Reply) => string[];
}

const JSON_TYPE = { 'Content-Type': 'application/json' };
const times = (count: number, text: (n: number) => string) =>
  Array.from({ length: count }, (_, n) => text(n)).join(' ');

function post(query: unknown): Ask {
  return { method: 'POST', path: '/graphql', headers: JSON_TYPE, body: JSON.stringify({ query }) };
}

/** Refused before anything was executed: errors with the code, and no data, not even null. */
function refused(reply: Reply): string[] {
  const body = parsed(reply.body);
  const errors = body?.['errors'] as { extensions?: { code?: string } }[] | undefined;
  const codes = errors?.map(({ extensions }) => extensions?.code) ?? [];
  return [
    ...(codes.length > 0 && codes.every((code) => code === 'malformed')
      ? []
      : [`not refused as malformed: ${reply.body.slice(0, 200)}`]),
    ...(body !== undefined && 'data' in body ? ['it was executed'] : []),
    ...quiet(reply),
  ];
}

/** Nothing of the inside, and nothing that helps guessing. */
function quiet({ body, headers }: Reply): string[] {
  return [
    ...(/did you mean/i.test(body) ? ['it suggests names'] : []),
    ...(/"(tracing|stacktrace|exception|debug|stack)"/.test(body) ? ['it has traces'] : []),
    ...(headers['access-control-allow-origin'] === undefined ? [] : ['other sites may read it']),
  ];
}

const status = (expected: number) => (reply: Reply) => [
  ...(reply.status === expected ? [] : [`a ${reply.status}, not a ${expected}: ${reply.body.slice(0, 200)}`]),
  ...quiet(reply),
];

const INTROSPECTION = '{ __schema { queryType { name } types { name fields { name } } } }';
const MUTATION = 'mutation { createTeam(input: { name: "scanned" }) { name } }';

const CHECKS: readonly Check[] = [
  { name: 'alias overloading', ask: post(`{ ${times(101, (n) => `a${n}: __typename`)} }`), objections: refused },
  {
    name: 'batches',
    ask: { ...post(''), body: JSON.stringify(Array.from({ length: 10 }, () => ({ query: '{ __typename }' }))) },
    objections: (reply) => [...refused(reply), ...status(400)(reply)],
  },
  {
    name: 'directive overloading, unknown ones',
    ask: post(`{ __typename ${times(500, () => '@aa')} }`),
    objections: refused,
  },
  {
    name: 'directive overloading',
    ask: post(`{ __typename ${times(100, () => '@include(if: true)')} }`),
    objections: refused,
  },
  { name: 'field duplication', ask: post(`{ ${times(500, () => '__typename')} }`), objections: refused },
  {
    name: 'circular fragments',
    ask: post('{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }'),
    objections: refused,
  },
  {
    name: 'circular introspection',
    ask: post(`{ __schema { types { ${'fields { type { '.repeat(6)}name${' } }'.repeat(6)} } } }`),
    objections: refused,
  },
  {
    name: 'deep queries',
    ask: post(`{ team(name: "demo") ${'{ applications { team '.repeat(12)}{ name }${' } }'.repeat(12)} }`),
    objections: refused,
  },
  {
    name: 'mutations by GET',
    ask: { method: 'GET', path: `/graphql?query=${encodeURIComponent(MUTATION)}`, headers: {} },
    objections: status(405),
  },
  {
    name: 'a GET of another site, which has no token',
    ask: {
      method: 'GET',
      path: '/graphql?query=%7B__typename%7D',
      headers: { authorization: '', origin: 'https://evil.example' },
    },
    objections: status(401),
  },
  ...['application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'text/plain', ''].map((type) => ({
    name: `a POST of another site's form, as ${type || 'nothing'}`,
    ask: {
      ...post(MUTATION),
      headers: type === '' ? {} : { 'Content-Type': type },
      body: `query=${encodeURIComponent(MUTATION)}`,
    },
    objections: status(415),
  })),
  { name: 'field suggestions', ask: post('{ teams { nodes { nam displayNam } } }'), objections: refused },
  { name: 'argument suggestions', ask: post('{ team(nam: "demo") { name } }'), objections: refused },
  { name: 'type suggestions', ask: post('query ($a: Strin) { ... on Tea { name } }'), objections: refused },
  {
    name: 'enum suggestions',
    ask: post('{ environment(name: "dev") { overview(format: TEX) } }'),
    objections: refused,
  },
  {
    name: 'traces',
    ask: { ...post('{ __typename }'), headers: { ...JSON_TYPE, 'X-Apollo-Tracing': '1', 'Apollo-Debug': '1' } },
    objections: (reply) => [...status(200)(reply), ...(reply.body.includes('extensions') ? ['it has extensions'] : [])],
  },
  { name: 'introspection with a token', ask: post(INTROSPECTION), objections: status(200) },
  {
    name: 'introspection without a token',
    ask: { ...post(INTROSPECTION), headers: { ...JSON_TYPE, authorization: '' } },
    objections: status(401),
  },
  {
    name: 'GraphiQL, which no other site may frame and which may ask no other',
    ask: {
      method: 'GET',
      path: '/graphiql',
      headers: { authorization: '', accept: 'text/html', 'accept-encoding': 'gzip' },
    },
    objections: (reply) => {
      const policy = String(reply.headers['content-security-policy']);
      const held = policy.includes("frame-ancestors 'none'") && policy.includes("connect-src 'self'");
      return [...(reply.status === 200 ? [] : [`a ${reply.status}`]), ...(held ? [] : [`its policy: ${policy}`])];
    },
  },
];

async function run(target: Target): Promise<Outcome> {
  const client = new Client(target);
  const failures: string[] = [];
  try {
    for (const { name, ask, objections } of CHECKS) {
      const reply = await client.send(ask);
      const graphql = (reply.headers['content-type'] ?? '').startsWith('application/json');
      const found = [...objections(reply), ...(graphql ? [] : objectionsToReply(ask, reply))];
      failures.push(...found.map((objection) => `${name}: ${objection}\n    ${curlOf(ask)}`));
    }
  } finally {
    client.close();
  }
  return { tried: CHECKS.length, failures };
}
