import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { diffConnections } from '../../../src/domain/diff/connections.js';
import type { WorldInput } from '../../../src/domain/evaluate/world.js';
import { defaultPolicy } from '../../../src/domain/kubernetes/defaulting.js';
import { runs } from '../../support/runs.js';
import { randomInput } from '../evaluate/random-world.js';

const pod = (name: string) => ({ namespace: 'a', name, kind: 'Pod', labels: { app: name } });
const policy = (spec: object) => defaultPolicy({ metadata: { name: 'p', namespace: 'a' }, spec });
const lines = (before: WorldInput, after: WorldInput) =>
  diffConnections(before, after).map(
    ({ type, src, dst, before: was, after: is, reason }) =>
      `${type} ${src} => ${dst}: ${was} -> ${is}${reason === undefined ? '' : ` (${reason})`}`,
  );
const cluster = (pods: string[], ...specs: object[]): WorldInput => ({
  namespaces: [],
  workloads: pods.map(pod),
  policies: specs.map(policy),
});

describe('what changes between two sets of manifests', () => {
  test('added, removed, changed', () => {
    const rule = (...ports: number[]) => ({
      podSelector: { matchLabels: { app: 'db' } },
      ingress: [{ from: [{ podSelector: {} }], ports: ports.map((port) => ({ port })) }],
    });
    const none = { podSelector: { matchLabels: { app: 'db' } } };
    expect(lines(cluster(['db', 'web'], none), cluster(['db', 'web'], rule(80)))).toEqual([
      'added a/web[Pod] => a/db[Pod]: No Connections -> TCP 80',
    ]);
    expect(lines(cluster(['db', 'web'], rule(80)), cluster(['db', 'web'], none))).toEqual([
      'removed a/web[Pod] => a/db[Pod]: TCP 80 -> No Connections',
    ]);
    expect(lines(cluster(['db', 'web'], rule(80)), cluster(['db', 'web'], rule(80, 443)))).toEqual([
      'changed a/web[Pod] => a/db[Pod]: TCP 80 -> TCP 80,443',
    ]);
  });

  test('a workload on one side only', () => {
    expect(lines(cluster(['db']), cluster(['db', 'web']))).toEqual([
      'added 0.0.0.0-255.255.255.255[External] => a/web[Pod]: No Connections -> All Connections (a/web[Pod] is new)',
      'added a/db[Pod] => a/web[Pod]: No Connections -> All Connections (a/web[Pod] is new)',
      'added a/web[Pod] => 0.0.0.0-255.255.255.255[External]: No Connections -> All Connections (a/web[Pod] is new)',
      'added a/web[Pod] => a/db[Pod]: No Connections -> All Connections (a/web[Pod] is new)',
    ]);
  });

  test('ranges are cut by the blocks of both sides, and neighbours with the same change are one', () => {
    const from = (...cidrs: string[]) => ({ ingress: [{ from: cidrs.map((cidr) => ({ ipBlock: { cidr } })) }] });
    expect(
      lines(
        cluster(['db'], from('0.0.0.0/1')),
        cluster(['db'], from('10.0.0.0/8', '64.0.0.0/4', '80.0.0.0/4', '200.0.0.0/8')),
      ),
    ).toEqual([
      'removed 0.0.0.0-9.255.255.255[External] => a/db[Pod]: All Connections -> No Connections',
      'removed 11.0.0.0-63.255.255.255[External] => a/db[Pod]: All Connections -> No Connections',
      'added 200.0.0.0-200.255.255.255[External] => a/db[Pod]: No Connections -> All Connections',
      'removed 96.0.0.0-127.255.255.255[External] => a/db[Pod]: All Connections -> No Connections',
    ]);
  });

  test('cuts within one change leave no trace', () => {
    const block = (cidr: string) => ({ from: [{ ipBlock: { cidr } }], ports: [{ port: 80 }] });
    const after = cluster(['db'], { ingress: [block('10.0.0.0/8'), block('0.0.0.0/0'), block('fd00::/8')] });
    expect(lines(cluster(['db'], { ingress: [{}] }), after)).toEqual([
      'changed 0.0.0.0-255.255.255.255[External] => a/db[Pod]: All Connections -> TCP 80',
      'removed ::-fcff:ffff:ffff:ffff:ffff:ffff:ffff:ffff[External] => a/db[Pod]: All Connections -> No Connections',
      'changed fd00::-fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff[External] => a/db[Pod]: All Connections -> TCP 80',
      'removed fe00::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff[External] => a/db[Pod]: All Connections -> No Connections',
    ]);
  });

  test('IPv6 on one side only is no change of what was open before', () => {
    const open = { ingress: [{}] };
    const six = { ingress: [{ from: [{ ipBlock: { cidr: '::/0' } }, { ipBlock: { cidr: '0.0.0.0/0' } }] }] };
    expect(lines(cluster(['db'], open), cluster(['db'], six))).toEqual([]);
  });

  test('a set and itself differ in nothing; turned around, what was added is removed', () => {
    const turned = { added: 'removed', removed: 'added', changed: 'changed' } as const;
    fc.assert(
      fc.property(randomInput, randomInput, (before, after) => {
        expect(diffConnections(before, before)).toEqual([]);
        const there = diffConnections(before, after).map(({ type, src, dst, before: was, after: is }) => ({
          type,
          src,
          dst,
          was,
          is,
        }));
        const back = diffConnections(after, before).map(({ type, src, dst, before: was, after: is }) => ({
          type: turned[type],
          src,
          dst,
          was: is,
          is: was,
        }));
        expect(back).toEqual(there);
      }),
      runs(50),
    );
  });
});
