import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { digestText, readReference, repositoryName, tagName } from '../../../src/domain/oci/grammar.js';
import {
  environmentOf,
  moves,
  readTag,
  repositoryOf,
  semverOf,
  signatureTag,
  versionTags,
} from '../../../src/domain/oci/tags.js';
import { dnsLabel } from '../../../src/domain/model/names.js';
import { tagName as nameOfTag } from '../../../src/domain/model/tag.js';
import { runs } from '../../support/runs.js';

const HEX = '0123456789abcdef'.repeat(4);

describe('repository names', () => {
  test.each(['sluice/prod', 'a', 'a/b/c', 'sluice/team-a--eu', 'a__b/c.d', 'x'.repeat(200)])('%s', (name) =>
    expect(repositoryName(name)).toBeUndefined(),
  );
  test.each([
    ['', 'empty'],
    ['sluice/../prod', 'traversal'],
    ['../etc/passwd', 'traversal'],
    ['sluice/./prod', 'traversal'],
    ['sluice//prod', 'an empty part'],
    ['/sluice/prod', 'an empty part'],
    ['sluice/prod/', 'an empty part'],
    ['Sluice/prod', 'upper case'],
    ['sluice/prod-', 'a dash at the end'],
    ['sluice/a___b', 'three underscores'],
    ['sluice/a..b', 'two dots'],
    ['sluice/%2e%2e', 'an escape'],
    ['sluice/prod\n', 'a newline'],
    ['sluice\\prod', 'a backslash'],
    ['slüice/prod', 'beyond ASCII'],
    ['x'.repeat(201), 'too long'],
  ])('refuses %j: %s', (name) => expect(repositoryName(name)?.code).toBe('oci-repository'));

  test('every environment has one, and it is read back', () => {
    const label = fc.stringMatching(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/).filter((text) => !dnsLabel(text));
    fc.assert(
      fc.property(label, (environment) => {
        expect(repositoryName(repositoryOf(environment))).toBeUndefined();
        expect(environmentOf(repositoryOf(environment))).toBe(environment);
      }),
      runs(200),
    );
  });

  test.each(['prod', 'other/prod', 'sluice/', 'sluice/a/b', 'sluice/a_b', 'sluice/..'])('%j is none of ours', (name) =>
    expect(environmentOf(name)).toBeUndefined(),
  );
});

describe('references', () => {
  test.each(['latest', '1.0.42', 'v42', `sha256-${HEX}.sig`, '_', 'A-b_c.d', 'x'.repeat(128)])('tag %s', (tag) => {
    expect(tagName(tag)).toBeUndefined();
    expect(readReference(tag)).toEqual({ kind: 'tag', tag });
  });
  test.each(['', '.hidden', '-a', '..', '1.0.0+build', 'a/b', 'a b', 'x'.repeat(129), 'é', 'latest\n'])(
    'no tag: %j',
    (tag) => {
      expect(tagName(tag)?.code).toBe('oci-tag');
      expect(readReference(tag)).toMatchObject({ kind: 'wrong', violation: { code: 'oci-tag' } });
    },
  );
  test('a digest', () => {
    expect(digestText(`sha256:${HEX}`)).toBeUndefined();
    expect(readReference(`sha256:${HEX}`)).toEqual({ kind: 'digest', digest: `sha256:${HEX}` });
  });
  test.each([
    `sha512:${HEX}${HEX}`,
    `md5:${HEX.slice(32)}`,
    `sha256:${HEX.toUpperCase()}`,
    `SHA256:${HEX}`,
    `sha256:${HEX.slice(1)}`,
    `sha256:${HEX}0`,
    `sha256:${HEX}\n`,
    'sha256:../../etc/passwd',
    'sha256:',
    ':',
  ])('no digest: %j', (text) =>
    expect(readReference(text)).toMatchObject({ kind: 'wrong', violation: { code: 'oci-digest' } }),
  );
  test('a refusal says what would be right, and shows no more than a line of what came', () => {
    const { detail } = digestText(`sha512:${HEX}${HEX}`) ?? { detail: '' };
    expect(detail).toContain('use sha256: and 64 lower-case hexadecimal digits');
    expect(detail.length).toBeLessThan(180);
  });
});

describe('what a tag means', () => {
  test('versions, in both spellings, read back', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 999_999_999 }), (version) => {
        for (const tag of versionTags(version)) expect(readTag(tag)).toEqual({ kind: 'version', version });
        expect(versionTags(version).map(tagName)).toEqual([undefined, undefined]);
      }),
      runs(100),
    );
    expect(versionTags(42)).toEqual(['1.0.42', 'v42']);
    expect(semverOf(42)).toBe('1.0.42');
  });
  test('the moving one, and signatures', () => {
    expect(readTag('latest')).toEqual({ kind: 'latest' });
    expect(signatureTag(`sha256:${HEX}`)).toBe(`sha256-${HEX}.sig`);
    expect(readTag(signatureTag(`sha256:${HEX}`))).toEqual({ kind: 'signature', digest: `sha256:${HEX}` });
  });
  test.each(['stable', 'canary', '7a', 'v7-rc', `sha256-${HEX.slice(8)}`])('%s is a tag of the environment', (name) =>
    expect(readTag(name)).toEqual({ kind: 'named', name }),
  );
  test('no name of a tag means anything else, and whatever means something else is no name of a tag', () => {
    const text = fc.oneof(
      fc.stringMatching(/^v?[0-9]{1,12}$/),
      fc.stringMatching(/^1\.0\.[0-9]{1,10}$/),
      fc.stringMatching(/^sha256-[0-9a-f]{40,64}(\.sig)?$/),
      fc.stringMatching(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/),
      fc.constantFrom('latest', 'draft', signatureTag(`sha256:${HEX}`)),
    );
    fc.assert(
      fc.property(text, (tag) => {
        const isName = nameOfTag(tag) === undefined;
        expect(readTag(tag)?.kind === 'named').toBe(isName);
        if (isName) expect(tagName(tag)).toBeUndefined();
        expect(moves(tag)).toBe(isName || tag === 'latest');
      }),
      runs(300),
    );
  });
  test.each(['1.0.0', '1.0.042', 'v0', 'v042', '1.1.42', '1.0.42.sig', 'Latest', `sha256-${HEX}`, 'v1234567890'])(
    '%s is none of ours',
    (tag) => expect(readTag(tag)).toBeUndefined(),
  );
});
