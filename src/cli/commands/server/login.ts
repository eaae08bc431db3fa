import { SluiceError } from '../../../domain/errors.js';
import { readPublicKeys, type ReleaseKey } from '../../../domain/release/public-key.js';
import type { Command, ExitCode, Io } from '../../command.js';
import { FORMAT, note, print, QUIET } from '../../output.js';
import { ask, type Connection } from '../../server/ask.js';
import { loginFile, readLogins, writeLogins } from '../../server/logins.js';
import { readKeyFile, serverUrl, timeoutOf, TIMEOUT } from '../../server/settings.js';
import { namedWords, type Words } from '../../words.js';

export const loginCommand: Command = {
  kind: 'command',
  name: 'login',
  summary: 'Keep the token for a server, and pin the keys that its releases are verified with',
  usage: '<url> [options]',
  words: 'none',
  options: [
    { name: 'token-stdin', kind: 'flag', summary: 'read the token from standard input, not from the terminal' },
    { name: 'key', kind: 'value', value: '<file>', summary: 'pin these keys (PEM), not those that the server shows' },
    { name: 'replace-keys', kind: 'flag', summary: 'take other keys than those that were pinned before' },
    TIMEOUT,
    FORMAT,
    QUIET,
  ],
  help: `Without --key, the keys that the server shows at this first login are trusted from then on: compare their names with those that
its operators gave you. A later login that meets other keys is refused. Token and keys are kept in
$XDG_CONFIG_HOME/sluice/login.json (~/.config where that is not set), for you alone to read. SLUICE_URL, SLUICE_TOKEN and
SLUICE_KEY (PEM, or files of PEM joined by commas) win over what is kept, so CI needs no login.`,
  exitCodes:
    'Exit code: 0 logged in, 1 the server shows other keys than those that are pinned, 2 it cannot tell: no server, no such token.',
  run: login,
};

async function login(words: Words, io: Io): Promise<ExitCode> {
  const [address = ''] = namedWords(words, '<url>');
  const url = serverUrl(address);
  const logins = readLogins(io);
  const before = Object.hasOwn(logins.servers, url) ? (logins.servers[url]?.keys ?? []) : [];
  warnOfPlainHttp(words, io, url);
  const connection = { url, token: await tokenOf(words, io), timeout: timeoutOf(words), io };
  await ask(connection, { path: '/v2/' });
  const keys = await keysToPin(words, connection);
  const pinned = before.flatMap((pem) => readPublicKeys(pem, 'the pinned key'));
  const fresh = keys.filter(({ hint }) => !pinned.some((key) => key.hint === hint));
  const replaced = words.flags.has('replace-keys') || pinned.length === 0;
  if (fresh.length > 0 && !replaced) return refused(io, url, pinned, fresh);
  const kept = replaced ? keys : pinned;
  const server = { token: connection.token, keys: kept.map(({ pem }) => pem) };
  writeLogins(io, { current: url, servers: { ...logins.servers, [url]: server } });
  tell(words, io, url, kept, pinned.length === 0);
  return 0;
}

async function tokenOf({ flags }: Words, io: Io): Promise<string> {
  const given = io.env['SLUICE_TOKEN'];
  if (!flags.has('token-stdin') && (given ?? '') === '' && !io.terminal.has('in'))
    throw new SluiceError('malformed', 'there is no terminal to ask for the token: --token-stdin, or SLUICE_TOKEN');
  const token = flags.has('token-stdin')
    ? await io.stdin()
    : (given ?? '') !== ''
      ? given
      : await io.ask('Token: ', 'hidden');
  if (/^[\x21-\x7e]+$/.test(token?.trim() ?? '')) return token?.trim() ?? '';
  throw new SluiceError('malformed', 'that is no token');
}

/** Those given, or else those that the server shows; a server that signs nothing shows none. */
async function keysToPin({ values }: Words, connection: Connection): Promise<ReleaseKey[]> {
  const file = values['key'];
  if (file !== undefined) return readPublicKeys(readKeyFile(file), file);
  const { status, bytes } = await ask(connection, { path: '/.well-known/sluice/cosign.pub', answers: [404] });
  return status === 404
    ? []
    : readPublicKeys(new TextDecoder().decode(bytes), `${connection.url}/.well-known/sluice/cosign.pub`);
}

function refused(io: Io, url: string, pinned: readonly ReleaseKey[], fresh: readonly ReleaseKey[]): ExitCode {
  const line = (what: string, { hint }: ReleaseKey) => `  ${what} ${hint}\n`;
  io.err(
    `sluice login: ${url} shows keys that were not pinned before. Someone may stand in its place; nothing was kept.\n`,
  );
  io.err(pinned.map((key) => line('pinned', key)).join('') + fresh.map((key) => line('shown ', key)).join(''));
  io.err('Ask its operators, then say --replace-keys, or --key <file> --replace-keys.\n');
  return 1;
}

function tell(words: Words, io: Io, url: string, keys: readonly ReleaseKey[], first: boolean): void {
  const hints = keys.map(({ hint }) => hint);
  print(words, io, { url, keys: hints, file: loginFile(io) }, () => {
    const trust =
      words.values['key'] === undefined && first ? 'Trusted from now on, as the server shows them' : 'Pinned';
    const lines = hints.map((hint) => `  key ${hint}\n`).join('');
    const said =
      hints.length === 0
        ? 'It signs nothing, so there is nothing to verify with: pull needs --key.\n'
        : `${trust}:\n${lines}`;
    return `Logged in to ${url}.\n${said}`;
  });
  if (hints.length > 0 && words.values['key'] === undefined && first)
    note(words, io, 'Compare the keys with what its operators say; --key <file> pins given ones.');
}

function warnOfPlainHttp(words: Words, io: Io, url: string): void {
  const { protocol, hostname } = new URL(url);
  if (protocol === 'http:' && !/^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname))
    note(words, io, `${url} is not encrypted: whoever is on the way reads the token, and may show keys of their own.`);
}
