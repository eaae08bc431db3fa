import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Snapshot } from '../../../src/domain/model/snapshot.js';
import { renderBundle, type RenderedBundle } from '../../../src/domain/render/bundle.js';
import { runs } from '../../support/runs.js';
import { ESTATE, ONE_CHANGE, RENAMED } from '../compile/one-change.js';
import { changes } from '../diff/change/random-change.js';

describe('a bundle that is rendered with an earlier one at hand', () => {
  test('is what it is without, along a series of changes', () => {
    const check = ([before, after]: readonly [Snapshot, Snapshot]): void => {
      let earlier: RenderedBundle | undefined;
      for (const snapshot of [before, after, structuredClone(after), before]) {
        const bundle = renderBundle(snapshot, earlier);
        expect(bundle).toEqual(renderBundle(snapshot));
        earlier = bundle;
      }
    };
    fc.assert(
      fc.property(
        fc.boolean().chain((own) => changes({ own })),
        check,
      ),
      runs(7, 'costly'),
    );
  });

  const earlier = renderBundle(ESTATE);
  const takenOver = ({ namespaces }: RenderedBundle): number =>
    namespaces.filter((one) => earlier.namespaces.includes(one)).length;

  test.each([...ONE_CHANGE, ['the name of the environment', RENAMED] as const])(
    'is what it is without: %s',
    (_, after) => {
      const bundle = renderBundle(after, earlier);
      const { digest, findings, counts } = renderBundle(after);
      expect({ digest: bundle.digest, findings: bundle.findings, counts: bundle.counts }).toEqual({
        digest,
        findings,
        counts,
      });
      expect(digest).not.toBe(earlier.digest);
    },
  );

  test('has the namespaces of that one that nothing changed in', () => {
    expect(takenOver(renderBundle(structuredClone(ESTATE), earlier))).toBe(earlier.namespaces.length);
    const [[, flowChanged] = ['', ESTATE]] = ONE_CHANGE;
    expect(takenOver(renderBundle(structuredClone(flowChanged), earlier))).toBe(earlier.namespaces.length - 2);
  });
});
