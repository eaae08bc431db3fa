import { describe, expect, test } from 'vitest';
import { compile } from '../../../src/domain/compile/compile.js';
import { nameTiers, objectName } from '../../../src/domain/compile/name-tiers.js';
import { canonicalSelector } from '../../../src/domain/compile/selectors.js';
import { dnsSubdomain } from '../../../src/domain/model/names.js';
import { DEFAULT_PROFILE, type Profile, type Tier } from '../../../src/domain/model/entities.js';
import type { LabelSelector } from '../../../src/domain/model/selector.js';
import type { Snapshot } from '../../../src/domain/model/snapshot.js';

function estateOf(
  tiers: readonly Tier[],
  namespaceOf: (application: string) => string,
  profile: Profile = DEFAULT_PROFILE,
): Snapshot {
  const applications = [...new Set(tiers.map((tier) => tier.application))];
  const placements = applications.map((application) => ({
    environment: 'dev',
    application,
    namespace: namespaceOf(application),
    tiers: [],
  }));
  return {
    revision: 1,
    environment: { name: 'dev', profile },
    teams: [],
    applications: [],
    tiers,
    peers: [],
    placements,
    flows: [],
  };
}

function tier(ref: string, podSelector: LabelSelector): Tier {
  const [application = '', name = ''] = ref.split('/');
  return { application, name, podSelector, ports: [] };
}

const findings = (snapshot: Snapshot, code: string): string[] =>
  compile(snapshot)
    .findings.filter((one) => one.code === code)
    .map(({ severity, path }) => `${severity} ${path}`);

describe('names', () => {
  const named = (...refs: string[]): Record<string, string> =>
    Object.fromEntries(
      nameTiers(refs.map((ref) => ({ ref, application: ref.split('/')[0] ?? '', name: ref.split('/')[1] ?? '' }))),
    );

  test('are the tier, and the application too where tiers share a name', () => {
    expect(named('shop/web', 'blog/web', 'blog/worker')).toEqual({
      'shop/web': 'shop-web',
      'blog/web': 'blog-web',
      'blog/worker': 'worker',
    });
  });

  test('never meet: tiers that would get the same name get a hash, and a plain name stays', () => {
    const stems = named('a/b-c', 'x/b-c', 'a-b/c', 'x/c', 'plain/a-b-c');
    expect(stems['plain/a-b-c']).toBe('a-b-c');
    expect(stems['a/b-c']).toMatch(/^a-b-c-[0-9a-f]{8}$/);
    expect(new Set(Object.values(stems)).size).toBe(5);
    const again = named('plain/a-b-c', 'a/b-c', 'x/b-c', 'a-b/c', 'x/c', `other/${stems['a/b-c'] ?? ''}`);
    expect(new Set(Object.values(again)).size).toBe(6);
  });

  test('that are too long are cut, get a hash, and stay DNS subdomains', () => {
    const long = `${'t'.repeat(229)}.-${'t'.repeat(100)}`;
    const stems = Object.values(named(`shop/${long}`, `blog/${long}x`)).map((stem) => objectName(stem, 'ingress'));
    expect(new Set(stems).size).toBe(2);
    for (const name of stems) expect(dnsSubdomain(name)).toBeUndefined();
  });
});

describe('selectors', () => {
  test('that say the same come out the same', () => {
    const one = canonicalSelector({
      matchLabels: { b: '2', a: '1' },
      matchExpressions: [{ key: 'c', operator: 'In', values: ['y', 'x', 'y'] }],
    });
    const other = canonicalSelector({
      matchExpressions: [
        { key: 'c', operator: 'In', values: ['x', 'y'] },
        { key: 'b', operator: 'In', values: ['2'] },
        { key: 'c', operator: 'In', values: ['y', 'x'] },
      ],
      matchLabels: { a: '1' },
    });
    expect(JSON.stringify(one)).toBe(JSON.stringify(other));
  });

  test('that contradict themselves stay contradictory', () => {
    expect(
      canonicalSelector({ matchLabels: { a: '1' }, matchExpressions: [{ key: 'a', operator: 'In', values: ['2'] }] }),
    ).toEqual({
      matchLabels: { a: '1' },
      matchExpressions: [{ key: 'a', operator: 'In', values: ['2'] }],
    });
  });
});

describe('findings', () => {
  test('warn of tiers whose pods are pods of another tier, and tell where they could be', () => {
    const tiers = [
      tier('shop/web', { matchLabels: { app: 'web' } }),
      tier('shop/canary', { matchLabels: { app: 'web', track: 'canary' } }),
      tier('shop/api', { matchLabels: { app: 'api' } }),
      tier('shop/batch', { matchLabels: { kind: 'batch' } }),
    ];
    expect(
      findings(
        estateOf(tiers, () => 'shop'),
        'tiers-overlap',
      ),
    ).toEqual(['warning tier/shop/canary', 'warning tier/shop/web', 'info tier/shop/api', 'info tier/shop/batch']);
    const one = tier('shop/web', { matchLabels: { app: 'web' } });
    const other = tier('blog/web', { matchLabels: { app: 'web' } });
    expect(
      findings(
        estateOf([one, other], (application) => application),
        'tiers-overlap',
      ),
    ).toEqual([]);
  });

  test('come quickly for thousands of tiers that no label tells apart, and say that not all was compared', () => {
    const tiers = Array.from({ length: 5000 }, (_, index) =>
      tier(`shop/t${index}`, { matchLabels: { [`key-${index}`]: 'x' } }),
    );
    const started = performance.now();
    expect(
      findings(
        estateOf(tiers, () => 'shop'),
        'overlap-unchecked',
      ),
    ).toEqual(['info namespace/shop']);
    expect(performance.now() - started).toBeLessThan(3000);
  });

  test('compare few pairs where a label tells tiers apart', () => {
    const tiers = Array.from({ length: 5000 }, (_, index) =>
      tier(`shop/t${index}`, { matchLabels: { app: `a${index}`, team: 'blue' } }),
    );
    expect(
      findings(
        estateOf(tiers, () => 'shop'),
        'overlap-unchecked',
      ),
    ).toEqual([]);
  });

  test('warn of DNS pods under a default deny', () => {
    const tiers = [tier('tools/check', { matchLabels: { app: 'check' } })];
    expect(
      findings(
        estateOf(tiers, () => 'kube-system'),
        'peer-isolated',
      ),
    ).toEqual(['warning profile/dns']);
    expect(
      findings(
        estateOf(tiers, () => 'kube-system', { ...DEFAULT_PROFILE, defaultDeny: false }),
        'peer-isolated',
      ),
    ).toEqual([]);
  });
});
