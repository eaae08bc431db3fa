import { type Problem, SluiceError } from '../../domain/errors.js';
import type { FlowPort } from '../../domain/model/entities.js';

/** A port of a flow as GraphQL shows it: GraphQL has no union of a text and an object. */
export function shownPort(port: FlowPort): object {
  return typeof port === 'string' ? { name: port } : port;
}

/**
 * Hands an input with ports as GraphQL writes them to `write` as REST writes them: `{name: "http"}` is "http", anything else stays
 * what it is. Problems come back with pointers into the input as it was given.
 */
export async function withRestPorts<R>(input: unknown, write: (raw: unknown) => Promise<R>): Promise<R> {
  const ports = (input as { ports?: unknown } | null | undefined)?.ports;
  if (!Array.isArray(ports)) return write(input);
  const rest = ports.map(restPort);
  try {
    return await write({ ...(input as object), ports: rest });
  } catch (error) {
    if (!(error instanceof SluiceError)) throw error;
    const named = new Set(rest.flatMap((port, at) => (port === ports[at] ? [] : [`#/ports/${at}`])));
    const problems = error.problems.map((problem) => shownProblem(problem, named));
    throw new SluiceError(error.code, error.message, problems, { cause: error.cause });
  }
}

function restPort(port: unknown): unknown {
  if (typeof port !== 'object' || port === null) return port;
  const [only, ...more] = Object.entries(port).filter(([, value]) => value !== null && value !== undefined);
  return more.length === 0 && only?.[0] === 'name' && typeof only[1] === 'string' ? only[1] : port;
}

function shownProblem(problem: Problem, named: ReadonlySet<string>): Problem {
  return named.has(problem.pointer) ? { ...problem, pointer: `${problem.pointer}/name` } : problem;
}
