import { databaseAt } from '../store/database-url.js';

/** Where this start meant to listen and to store. */
export interface Intentions {
  readonly host: string;
  readonly port: number;
  readonly databaseUrl: string | undefined;
}

/** Network errors of the connection to PostgreSQL. */
const NO_ANSWER = /^(ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENOTFOUND|EHOSTUNREACH|ENETUNREACH|EAI_AGAIN)$/;

/**
 * Why a start failed, in one line that says which setting to look at; errors that already do are left as they are.
 * @example explainFailure(listenError, config) // 'port 3000 of 127.0.0.1 is in use: stop what uses it, or set PORT to another one'
 */
export function explainFailure(error: unknown, { host, port, databaseUrl }: Intentions): string {
  const { code, syscall, message } = error as { code?: string; syscall?: string; message?: string };
  const said = message || code || String(error);
  if (syscall === 'listen') {
    if (code === 'EADDRINUSE')
      return `port ${port} of ${host} is in use: stop what uses it, or set PORT to another one`;
    if (code === 'EACCES') return `this user may not listen on port ${port}: set PORT to 1024 or more`;
    return `HOST=${JSON.stringify(host)} cannot be listened on: use an address of this machine (${said})`;
  }
  if (databaseUrl === undefined) return said;
  const where = `the database of DATABASE_URL (${databaseAt(databaseUrl)})`;
  if (NO_ANSWER.test(code ?? '')) return `${where} does not answer: ${said}`;
  return /^(28|3D|42501)/.test(code ?? '') ? `${where} lets nobody in: ${said}` : said;
}
