import { describe, expect, it } from 'vitest';
import { connectionGraph, narrowed } from '../../../src/domain/graph/connection-graph.js';
import { declaredConnections } from '../../../src/domain/graph/declared.js';
import { holdKnown, knownEnds } from '../../../src/domain/graph/known-ends.js';
import { endName } from '../../../src/domain/model/entities.js';
import { SHOP } from '../verdict/model.js';

const graph = connectionGraph(declaredConnections(SHOP));
const pairs = (filter: Parameters<typeof narrowed>[1]) =>
  narrowed(graph, filter).map(({ from, to }) => `${endName(from)} > ${endName(to)}`);

describe('connections', () => {
  it('are those that the environment can render', () => {
    expect(pairs({})).toEqual([
      'gateway > shop/frontend',
      'office > shop/backend',
      'shop/backend > bank/vault',
      'shop/backend > internet',
      'shop/backend > shop/database',
      'shop/frontend > shop/backend',
      'users > shop/frontend',
    ]);
  });

  it.each([
    [{ from: 'shop/backend' }, 3],
    [{ to: 'shop/frontend' }, 2],
    [{ to: 'shop/frontend', from: 'users' }, 1],
    [{ port: 8005 }, 1],
    [{ port: 8011 }, 0],
    [{ from: 'shop/backend', port: 443 }, 1],
  ])('narrowed by %j', (filter, count) => {
    expect(pairs(filter)).toHaveLength(count);
  });

  it('of an end that is known and not placed are none; of one that is unknown they are refused', () => {
    const ends = knownEnds(SHOP);
    expect(() => holdKnown(ends, { from: 'mail/sender', to: 'prod-only' })).not.toThrow();
    expect(() => holdKnown(ends, { from: 'mail/nobody', to: 'nobody' })).toThrow(/2 problems: tier "mail\/nobody"/);
  });
});
