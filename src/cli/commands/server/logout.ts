import { SluiceError } from '../../../domain/errors.js';
import type { Command } from '../../command.js';
import { readLogins, writeLogins } from '../../server/logins.js';
import { serverUrl } from '../../server/settings.js';
import { namedWords } from '../../words.js';

export const logoutCommand: Command = {
  kind: 'command',
  name: 'logout',
  summary: 'Forget the token of a server',
  usage: '[<url>] [options]',
  words: 'none',
  options: [{ name: 'forget-keys', kind: 'flag', summary: 'forget the pinned keys, too: the next login trusts anew' }],
  help: `Without a url, the server of the last login. The pinned keys stay, so that a later login notices other ones. The token itself
stays good until it is revoked: DELETE /v1/tokens/{id}.`,
  exitCodes: 'Exit code: 0 forgotten, 2 there is nothing to forget.',
  run: (words, io) => {
    const [address] = namedWords(words, '[<url>]');
    const { current, servers } = readLogins(io);
    const url = address === undefined ? current : serverUrl(address);
    if (url === undefined || !Object.hasOwn(servers, url))
      throw new SluiceError('malformed', url === undefined ? 'there is no login' : `there is no login to ${url}`);
    const { [url]: own, ...others } = servers;
    const kept = words.flags.has('forget-keys') || own?.keys.length === 0 ? {} : { [url]: { keys: own?.keys ?? [] } };
    const next = current === url || current === undefined ? {} : { current };
    writeLogins(io, { ...next, servers: { ...others, ...kept } });
    io.out(`Logged out of ${url}.\n`);
    return Promise.resolve(0);
  },
};
