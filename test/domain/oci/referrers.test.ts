import { expect, test } from 'vitest';
import { descriptorOf, EMPTY_CONFIG } from '../../../src/domain/oci/content.js';
import { referrersIndex } from '../../../src/domain/oci/referrers.js';

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString();

test('the empty config is the one that everybody knows', () => {
  expect(text(EMPTY_CONFIG.bytes)).toBe('{}');
  expect(descriptorOf(EMPTY_CONFIG)).toEqual({
    mediaType: 'application/vnd.oci.empty.v1+json',
    digest: 'sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a',
    size: 2,
  });
});

test('referrers come in their order, and only those of the type that is asked for', () => {
  const one = { ...descriptorOf(EMPTY_CONFIG), annotations: { a: '1' }, artifactType: 'x/one' };
  const two = { ...one, artifactType: 'x/two' };
  expect(JSON.parse(text(referrersIndex([two, one]).bytes)).manifests).toEqual([two, one]);
  expect(JSON.parse(text(referrersIndex([two, one], 'x/one').bytes)).manifests).toEqual([one]);
  expect(text(referrersIndex([one], 'x/none').bytes)).toBe(
    '{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[]}',
  );
});
