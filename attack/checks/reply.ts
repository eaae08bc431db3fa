import { STATUS } from '../../src/platform/http/problem.js';
import type { Ask, Reply } from '../wire/client.js';

/** What only the inside knows: it never leaves the process, whatever was sent. */
const LEAKS =
  /node_modules|\bat \S+ \(?\S*:\d+:\d+|\/src\/|\/dist\/|Prisma|ECONNREFUSED|SELECT |violates|22P02|Cannot read prop|is not a function|\[object Object\]/;

const CODES = new Map(Object.entries(STATUS));
const PROBLEM = 'application/problem+json';

/** What holds for every reply of REST, whatever was asked; gives what does not. */
export function objectionsToReply(ask: Ask, reply: Reply): string[] {
  const { status, headers } = reply;
  const missing = (name: string, why: string) => (headers[name] === undefined ? [`no ${name} header, ${why}`] : []);
  return [
    ...(status >= 500 ? [`it is a ${status}: ${reply.body.slice(0, 300)}`] : []),
    ...(headers['x-content-type-options'] === 'nosniff' ? [] : ['no X-Content-Type-Options: nosniff']),
    ...missing('content-security-policy', 'which every reply has'),
    ...missing('cache-control', 'which every reply has'),
    ...(status === 401 ? missing('www-authenticate', 'which a 401 must have') : []),
    ...(status === 405 ? missing('allow', 'which a 405 must have') : []),
    ...(status === 415 && ask.method === 'PATCH' ? missing('accept-patch', 'which says what would do') : []),
    ...(status >= 400 && ask.method !== 'HEAD' ? objectionsToProblem(reply) : []),
  ];
}

/** What is not as RFC 9457 and our own rules have it. */
export function objectionsToProblem({ status, headers, body }: Reply): string[] {
  const type = headers['content-type'] ?? 'no type at all';
  if (type.split(';', 1)[0] !== PROBLEM) return [`a ${status} as ${type}, not as ${PROBLEM}: ${body.slice(0, 200)}`];
  const problem = parsed(body);
  if (problem === undefined) return [`a problem that is not a JSON object: ${body.slice(0, 200)}`];
  const wrong = (holds: boolean, what: string) => (holds ? [] : [`${what}: ${body.slice(0, 300)}`]);
  const { code, title, detail, errors, traceId } = problem;
  return [
    ...wrong(CODES.get(String(code)) === status || status === 408, `the code ${String(code)} in a ${status}`),
    ...wrong(problem['status'] === status, `another status in the body than ${status}`),
    ...wrong(problem['type'] === `urn:sluice:problem:${String(code)}`, 'a type that is not the code'),
    ...wrong(isText(title) && isText(detail), 'no title or no detail'),
    ...wrong(typeof traceId === 'string' && /^[0-9a-f]{32}$/.test(traceId), 'no trace id'),
    ...wrong(Array.isArray(errors) && errors.every(isProblem), 'errors without pointer, code or detail'),
    ...wrong(headers['cache-control'] === 'no-store', 'a problem that may be cached'),
    ...wrong(!LEAKS.test(textsOf(problem)), 'it tells of the inside'),
  ];
}

function isProblem(error: unknown): boolean {
  const { pointer, code, detail } = (error ?? {}) as Record<string, unknown>;
  return typeof pointer === 'string' && pointer.startsWith('#') && isText(code) && isText(detail);
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}

/** Without the values that the client itself has sent. */
function textsOf(problem: object): string {
  return JSON.stringify(problem, (key, value: unknown) => (key === 'value' ? undefined : value));
}

/** The object that a text is, if it is one. */
export function parsed(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
