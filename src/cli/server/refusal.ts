import { type ErrorCode, type Problem, SluiceError } from '../../domain/errors.js';

interface Said {
  readonly detail?: unknown;
  readonly errors?: unknown;
}

const CODES: Readonly<Record<number, ErrorCode>> = {
  401: 'unauthenticated',
  403: 'forbidden',
  404: 'not-found',
  410: 'gone',
  502: 'unavailable',
  503: 'unavailable',
  504: 'unavailable',
};

/**
 * What a server refused, in its own words, with every problem: of problem details, or of the errors of a registry.
 * @example refusalOf(answer, 'https://sluice.example.com/v1/flows').problems[0]?.detail // '#/name  "Web" is not a DNS label ...'
 */
export function refusalOf(answer: { readonly status: number; readonly bytes: Uint8Array }, url: string): SluiceError {
  const { status, bytes } = answer;
  const { detail, errors } = readSaid(bytes);
  const problems = Array.isArray(errors) ? errors.flatMap(problemOf) : [];
  const [only] = problems.length === 1 && problems[0]?.pointer !== '#' ? problems : [];
  const first = only?.detail ?? (typeof detail === 'string' && detail !== '' ? detail : problems[0]?.detail);
  const message = first === undefined ? `${url} answers ${status}` : `${first} (${status})`;
  const hint = status === 401 ? '; say SLUICE_TOKEN, or sluice login' : '';
  return new SluiceError(CODES[status] ?? 'invalid', message + hint, problems.length > 1 ? problems : []);
}

function readSaid(bytes: Uint8Array): Said {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return typeof value === 'object' && value !== null ? (value as Said) : {};
  } catch {
    return {};
  }
}

function problemOf(value: unknown): Problem[] {
  const { pointer, code, detail, message } = (value ?? {}) as Record<string, unknown>;
  const said = typeof detail === 'string' ? detail : message;
  if (typeof said !== 'string') return [];
  const where = typeof pointer === 'string' && pointer !== '#' ? `${pointer}  ` : '';
  return [{ pointer: String(pointer ?? '#'), code: String(code ?? ''), detail: `${where}${said}` }];
}
