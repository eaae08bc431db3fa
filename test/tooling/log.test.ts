import { describe, expect, it } from 'vitest';
import { openLog, withoutSecrets } from '../../src/platform/log.js';

const lines = (write: (log: ReturnType<typeof openLog>) => void): any[] => {
  const told: string[] = [];
  write(openLog('info', { write: (line) => void told.push(line) }));
  return told.map((line) => JSON.parse(line));
};

describe('the log', () => {
  it('has of an error what it is and where, with its causes, and nothing that a driver hangs on it', () => {
    const cause = Object.assign(new Error('refused by a check'), {
      code: '23514',
      detail: 'Failing row contains (s3cret)',
    });
    const [line] = lines((log) => log.error({ err: new Error('could not be stored', { cause }) }, 'failed'));
    expect(line.err).toMatchObject({
      type: 'Error',
      message: 'could not be stored',
      stack: expect.stringMatching(/log\.test/),
    });
    expect(line.err.cause).toMatchObject({ message: 'refused by a check', code: '23514' });
    expect(JSON.stringify(line)).not.toContain('s3cret');
  });

  it.each([
    ['a token', 'slc_0123456789ABCDEFGHIJKLMNOPQRSTabcdef', 'slc_***'],
    ['the secret of a webhook', 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'whsec_***'],
    ['a password', 'postgresql://sluice:p-w%40rd@db:5432/sluice', 'postgresql://sluice:***@db:5432/sluice'],
    ['a header', 'authorization: Basic bWU6c2VjcmV0', 'authorization: Basic ***'],
    ['a key', '-----BEGIN PRIVATE KEY-----\nMIGHAgEAMBMGBy\n-----END PRIVATE KEY-----\n', 'PRIVATE KEY ***\n'],
    ['a key that is cut off', '-----BEGIN EC PRIVATE KEY-----\nMIGHAgEAMBMGBy', 'PRIVATE KEY ***'],
  ])('does not have %s', (_, secret, told) => {
    expect(withoutSecrets(`before ${secret}`)).toBe(`before ${told}`);
    const [line] = lines((log) => log.info({ at: secret }, `it was ${secret}`));
    expect(JSON.stringify(line)).not.toContain(secret.slice(12, 24));
  });

  it('leaves what is no secret as it is', () => {
    const text = 'GET https://sluice.example.com:3000/v1/flows?to=a@b sha256:d94ee7302ceb slc_short basic auth is off';
    expect(withoutSecrets(text)).toBe(text);
  });
});
