import { randomBytes } from 'node:crypto';

/** The trace id of a W3C traceparent header, or a new one. https://www.w3.org/TR/trace-context/ */
export function traceIdOf(traceparent: string | string[] | undefined): string {
  const match =
    typeof traceparent === 'string' ? /^00-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}$/.exec(traceparent) : null;
  const given = match?.[1];
  return given !== undefined && !/^0+$/.test(given) ? given : randomBytes(16).toString('hex');
}
