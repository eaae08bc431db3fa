import { type DestinationStream, type Logger, pino } from 'pino';

/**
 * The log of the process: lines of JSON. Of an error it has what kind it is, its message, its code and where it was thrown; not what drivers hang on
 * it besides, as PostgreSQL repeats there the row that it refuses. What looks like a secret is taken out of every line, wherever it comes from.
 */
export function openLog(level: string, to: DestinationStream): Logger {
  const write = (line: string) => to.write(withoutSecrets(line));
  return pino({ level, serializers: { err: errorOf } }, { write });
}

/** Standard error, each line at once: the last ones matter most. */
export function standardError(): DestinationStream {
  return pino.destination({ fd: 2, sync: true });
}

const HIDDEN = '***';
const CAUSES = 5;

/** Each with what is kept of it: tokens, secrets of webhooks, private keys, passwords in addresses, credentials in headers. */
const SECRETS: readonly (readonly [RegExp, string])[] = [
  [/slc_[0-9A-Za-z]{36}/g, `slc_${HIDDEN}`],
  [/whsec_[0-9A-Za-z+/=]{16,}/g, `whsec_${HIDDEN}`],
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[^"]*?(?:-----END [A-Z ]*PRIVATE KEY-----|(?=")|$)/g, `PRIVATE KEY ${HIDDEN}`],
  // but for the one that stands in advice
  [/(\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s:@/"']{0,200}:)(?!password@)[^\s@/"']{1,500}@/gi, `$1${HIDDEN}@`],
  [/\b(bearer|basic) [0-9A-Za-z+/=._~-]{8,}/gi, `$1 ${HIDDEN}`],
];

/** The same text, less what looks like a secret. */
export function withoutSecrets(text: string): string {
  return SECRETS.reduce((told, [pattern, kept]) => told.replace(pattern, kept), text);
}

function errorOf(error: unknown, depth = 0): unknown {
  if (!(error instanceof Error)) return { message: String(error) };
  const { name, message, stack, cause, code } = error as Error & { readonly code?: unknown };
  return {
    ...{ type: name, message, stack },
    ...(typeof code === 'string' ? { code } : {}),
    ...(cause === undefined || depth >= CAUSES ? {} : { cause: errorOf(cause, depth + 1) }),
  };
}
