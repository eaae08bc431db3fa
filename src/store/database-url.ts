/** One server of PostgreSQL that a database may be on. */
export interface DatabaseHost {
  readonly host: string;
  readonly port: number;
  /** The database there, as `pg` takes it. */
  readonly url: string;
}

/** Where a database may be. */
export interface DatabasePlaces {
  readonly hosts: readonly [DatabaseHost, ...DatabaseHost[]];
  /** `only-writable`: a server that takes no writes (a standby) is passed over. */
  readonly choice: 'the-one' | 'only-writable';
}

const DEFAULT_PORT = 5432;
const SESSIONS = ['read-write', 'primary'];

/**
 * Takes libpq's form of a connection URL, with one host or several, and gives where to look; with several, or where `target_session_attrs` asks for
 * it, for the one that takes writes. Refuses what names no server, in words that repeat nothing of the URL but hosts: it holds a password.
 * @example databasePlaces('postgresql://u:p@a:5432,b/db?target_session_attrs=read-write').hosts[1] // { host: 'b', port: 5432, ... }
 */
export function databasePlaces(url: string): DatabasePlaces {
  const parts = /^(postgres(?:ql)?:\/\/(?:[^/?#]*@)?)([^/?#@]*)(.*)$/s.exec(url);
  if (parts === null) throw new Error('use postgresql://user:password@host:port/database');
  const [, before = '', list = '', after = ''] = parts;
  const asked = sessionAsked(after);
  const several = list.includes(',');
  const toHost = (text: string): DatabaseHost => ({ ...hostOf(text, several), url: `${before}${text}${after}` });
  const [first, ...others] = list.split(',').map(toHost);
  return { hosts: [first!, ...others], choice: several || asked ? 'only-writable' : 'the-one' };
}

/** Host, port and name of a database; never its password. */
export function databaseAt(url: string): string {
  const [, hosts = '', name = ''] = /^\w+:\/\/(?:[^/?#]*@)?([^/?#@]*)(\/[^?#]*)?/.exec(url) ?? [];
  return hosts === '' ? 'a local socket' : `${hosts}${name}`;
}

/** Whether the URL asks for a server that takes writes. Sluice works with no other, so it may not ask for one that does not. */
function sessionAsked(after: string): boolean {
  const value = new URLSearchParams(after.split('?')[1] ?? '').get('target_session_attrs');
  if (value !== null && !SESSIONS.includes(value))
    throw new Error(`target_session_attrs=${JSON.stringify(value)}: use ${SESSIONS.join(' or ')}, Sluice writes`);
  return value !== null;
}

/** One alone may be anything that `pg` takes: nothing at all (a socket), a path in percent signs. */
function hostOf(text: string, several: boolean): Pick<DatabaseHost, 'host' | 'port'> {
  const [, bracketed, name, digits] = /^(?:\[([0-9A-Fa-f:.]+)\]|([^:[\]\s]*))(?::([0-9]{1,5}))?$/.exec(text) ?? [];
  const host = bracketed ?? name ?? '';
  const port = Number(digits ?? DEFAULT_PORT);
  if (several && (host === '' || port < 1 || port > 65535))
    throw new Error(`${JSON.stringify(text)} in the list of hosts: use host or host:port, with commas between them`);
  return { host, port };
}
