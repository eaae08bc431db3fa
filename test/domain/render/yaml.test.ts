import fc from 'fast-check';
import { loadAll, YAML11_SCHEMA } from 'js-yaml';
import { describe, expect, test } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import type { NetworkPolicy } from '../../../src/domain/kubernetes/network-policy.js';
import { ByteBuffer } from '../../../src/domain/render/bytes.js';
import { putScalar, scalar } from '../../../src/domain/render/scalar.js';
import { wholeYaml, writeYaml } from '../../../src/domain/render/yaml.js';
import { runs } from '../../support/runs.js';
import { textOf } from './rendered-text.js';
import { anyPolicies, HOSTILE } from './random-policy.js';

const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
const readers: Record<string, (text: string) => unknown[]> = {
  'yaml, YAML 1.2': (text) => parseAllDocuments(text, { version: '1.2' }).map((document) => document.toJS() as unknown),
  'yaml, YAML 1.1': (text) => parseAllDocuments(text, { version: '1.1' }).map((document) => document.toJS() as unknown),
  'js-yaml': (text) => loadAll(text) as unknown[],
  'js-yaml, YAML 1.1': (text) => loadAll(text, { schema: YAML11_SCHEMA }) as unknown[],
};

describe('writeYaml', () => {
  test.each(Object.entries(readers))('is read back by %s as the same objects', (_, read) => {
    const check = (policies: NetworkPolicy[]): void =>
      expect(plain(read(textOf(wholeYaml(writeYaml(policies)))))).toEqual(plain(policies));
    fc.assert(
      fc.property(anyPolicies, (policies) => {
        check(policies);
      }),
      runs(83, 'costly'),
    );
  });

  test('has no tab, no carriage return, no trailing space and no anchor, and ends each document with a line feed', () => {
    const check = (policies: NetworkPolicy[]): void => {
      const text = textOf(wholeYaml(writeYaml(policies)));
      expect(text).not.toMatch(/[\t\r\u0085\u2028\u2029]| \n|\n\n/);
      expect(text).not.toMatch(/: [&*!|>%@`]/);
      expect(text.endsWith('\n')).toBe(true);
    };
    fc.assert(fc.property(anyPolicies, check), runs(50, 'costly'));
  });

  test('of streams one behind the other is the stream of all', () => {
    const check = (one: NetworkPolicy[], other: NetworkPolicy[]): void => {
      expect(textOf(wholeYaml(writeYaml([...one, ...other])))).toBe(
        textOf(wholeYaml(writeYaml(one))) + textOf(wholeYaml(writeYaml(other))),
      );
    };
    fc.assert(fc.property(anyPolicies, anyPolicies, check), runs(17, 'costly'));
  });

  test('of nothing is nothing', () => expect(wholeYaml(writeYaml([]))).toHaveLength(0));
});

describe('scalar', () => {
  test.each(HOSTILE.map((text) => [JSON.stringify(text).slice(0, 60), text]))('%s stays what it is', (_, text) => {
    for (const document of [`a: ${scalar(text)}\n`, `- ${scalar(text)}\n`, `${scalar(text.slice(0, 300))}: 1\n`]) {
      for (const version of ['1.1', '1.2'] as const) {
        const value = parse(document, { version }) as unknown;
        expect(JSON.stringify(value)).toContain(JSON.stringify(text.slice(0, 300)).slice(0, -1));
      }
    }
  });

  test('half a surrogate pair is escaped, so that the bytes are UTF-8 all the same', () => {
    expect(scalar('a\ud800')).toBe('"a\\ud800"');
  });

  test.each([
    'web',
    'app.kubernetes.io/name',
    'a,b,c',
    'TCP',
    'v1.2',
    'k8s-app',
    'nothing',
    'yesterday',
    'x-y_z',
    '10.0.0.0/8',
  ])('%s needs no quotes', (text) => expect(scalar(text)).toBe(text));

  test('is the same where it is put and where it is given', () => {
    const check = (text: string): void => {
      const bytes = new ByteBuffer();
      putScalar(bytes, text);
      expect(textOf(bytes.take())).toBe(scalar(text));
    };
    const words = fc.constantFrom(
      'e1',
      'E5',
      'on',
      'No',
      'null',
      'e1x',
      'ea',
      '1.2.3.4/8',
      'a/b -> c/d:80',
      '',
      '-',
      'a-',
      'a"b',
      'a\\b',
    );
    fc.assert(
      fc.property(fc.oneof(fc.constantFrom(...HOSTILE), words, fc.string({ unit: 'grapheme' })), check),
      runs(300),
    );
  });
});
