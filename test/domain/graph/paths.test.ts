import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DeclaredConnection } from '../../../src/domain/graph/declared.js';
import { endName } from '../../../src/domain/model/entities.js';
import { type ConnectionGraph, connectionGraph } from '../../../src/domain/graph/connection-graph.js';
import { findPaths, type Path } from '../../../src/domain/graph/paths.js';
import { runs } from '../../support/runs.js';

function end(name: string) {
  return name.includes('/') ? { tier: name } : { peer: name };
}

function connect(...pairs: string[]): ConnectionGraph {
  const connections = pairs.map((pair): DeclaredConnection => {
    const [from = '', to = ''] = pair.split(' > ');
    return { from: end(from), to: end(to), ports: [{ protocol: 'TCP' as const, port: 80 }], flows: [pair] };
  });
  return connectionGraph(connections);
}

function text({ from, hops }: Path): string {
  return [endName(from), ...hops.map((hop) => endName(hop.to))].join(' > ');
}

const CHAIN = connect('users > s/web', 's/web > s/api', 's/api > s/db', 's/api > mail');

describe('paths', () => {
  it('says what a tier that is taken over can reach, nearest first', () => {
    expect(findPaths(CHAIN, { kind: 'from', from: 's/web', maxHops: 8 }).paths.map(text)).toEqual([
      's/web > s/api',
      's/web > s/api > mail',
      's/web > s/api > s/db',
    ]);
  });

  it('says who can get to the database', () => {
    expect(findPaths(CHAIN, { kind: 'to', to: 's/db', maxHops: 8 }).paths.map(text)).toEqual([
      's/api > s/db',
      's/web > s/api > s/db',
      'users > s/web > s/api > s/db',
    ]);
  });

  it('ends at the bound on hops', () => {
    expect(findPaths(CHAIN, { kind: 'from', from: 'users', maxHops: 2 }).paths.map(text)).toEqual([
      'users > s/web',
      'users > s/web > s/api',
    ]);
  });

  it('does not go on through a peer: what it does with a connection is not known', () => {
    const through = connect('s/a > proxy', 'proxy > s/b');
    expect(findPaths(through, { kind: 'from', from: 's/a', maxHops: 8 }).paths.map(text)).toEqual(['s/a > proxy']);
    expect(findPaths(through, { kind: 'between', from: 's/a', to: 's/b', maxHops: 8 }).paths).toEqual([]);
  });

  it('lists every simple way between two ends, also around a cycle', () => {
    const cycle = connect('s/a > s/b', 's/b > s/a', 's/b > s/c', 's/a > s/c', 's/c > s/b');
    expect(findPaths(cycle, { kind: 'between', from: 's/a', to: 's/c', maxHops: 8 }).paths.map(text)).toEqual([
      's/a > s/c',
      's/a > s/b > s/c',
    ]);
  });

  it('stops at its bound where there are too many ways, and says so', () => {
    const layers = Array.from({ length: 9 }, (_, layer) =>
      [0, 1, 2].flatMap((a) => [0, 1, 2].map((b) => `s/n${layer}-${a} > s/n${layer + 1}-${b}`)),
    ).flat();
    const found = findPaths(connect(...layers), { kind: 'between', from: 's/n0-0', to: 's/n9-0', maxHops: 32 });
    expect(found.complete).toBe(false);
    expect(found.paths).toHaveLength(100);
  });

  it('lists the nearest thousand ends of more, and says so', () => {
    const near = Array.from({ length: 600 }, (_, n) => `s/web > s/near${n}`);
    const far = Array.from({ length: 600 }, (_, n) => `s/near${n} > s/far${n}`);
    const found = findPaths(connect(...far, ...near), { kind: 'from', from: 's/web', maxHops: 8 });
    expect(found.complete).toBe(false);
    expect(found.paths.filter(({ hops }) => hops.length === 1)).toHaveLength(600);
    expect(found.paths).toHaveLength(1_000);
    expect(findPaths(connect(...near), { kind: 'from', from: 's/web', maxHops: 8 }).complete).toBe(true);
  });

  it('reaches forwards what is reached backwards', () => {
    const names = fc.constantFrom('s/a', 's/b', 's/c', 's/d', 'p', 'q');
    const pairs = fc.uniqueArray(
      fc.tuple(names, names).filter(([a, b]) => a !== b && (a.includes('/') || b.includes('/'))),
      { selector: (pair) => pair.join(), maxLength: 14 },
    );
    const law = fc.property(pairs, names, names, (all, a, b) => {
      const connections = connect(...all.map(([from, to]) => `${from} > ${to}`));
      const forwards = findPaths(connections, { kind: 'from', from: a, maxHops: 8 }).paths.find(
        ({ to }) => endName(to) === b,
      );
      const backwards = findPaths(connections, { kind: 'to', to: b, maxHops: 8 }).paths.find(
        ({ from }) => endName(from) === a,
      );
      const [between] = findPaths(connections, { kind: 'between', from: a, to: b, maxHops: 8 }).paths;
      if (a === b) return;
      expect(forwards?.hops.length).toBe(backwards?.hops.length);
      expect(between?.hops.length).toBe(forwards?.hops.length);
    });
    fc.assert(law, runs(300));
  });
});
