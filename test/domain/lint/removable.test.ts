import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { connections } from '../../../src/domain/evaluate/connections.js';
import { buildWorld, type WorldInput } from '../../../src/domain/evaluate/world.js';
import type { NetworkPolicy, NetworkPolicyPeer } from '../../../src/domain/kubernetes/network-policy.js';
import { lintManifests } from '../../../src/domain/lint/manifests/lint-manifests.js';
import { runs } from '../../support/runs.js';
import { randomInput } from '../evaluate/random-world.js';

type Variant = (spec: NetworkPolicy['spec']) => Partial<NetworkPolicy['spec']>;

const appIn = (...values: string[]) => ({ matchExpressions: [{ key: 'app', operator: 'In' as const, values }] });
const peersOf =
  (peer: NetworkPolicyPeer): Variant =>
  ({ ingress, egress }) => ({
    ingress: (ingress ?? []).map((rule) => ({ ...rule, from: [peer] })),
    egress: (egress ?? []).map((rule) => ({ ...rule, to: [peer] })),
  });

/** How a policy comes to be nearly covered in life: copied, narrowed, or written for fewer or other pods and peers. */
const variants = fc.constantFrom<Variant>(
  () => ({}),
  ({ ingress }) => ({ ingress: ingress?.slice(1) ?? [] }),
  ({ egress }) => ({ egress: egress?.slice(1) ?? [] }),
  ({ podSelector }) => ({ podSelector: { ...podSelector, matchLabels: { ...podSelector.matchLabels, app: 'x' } } }),
  () => ({ podSelector: {} }),
  () => ({ podSelector: appIn('x', 'y') }),
  () => ({ podSelector: appIn('y', 'z') }),
  ({ ingress }) => ({ ingress: ingress?.map((rule) => ({ ...rule, ports: [{ port: 80 }] })) ?? [] }),
  ({ ingress }) => ({ ingress: [...(ingress ?? []), ...(ingress ?? []).slice(0, 1)] }),
  peersOf({ podSelector: {} }),
  peersOf({ podSelector: appIn('x', 'y') }),
  peersOf({ podSelector: appIn('y', 'z') }),
  peersOf({ namespaceSelector: {} }),
  peersOf({ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'a' } } }),
  peersOf({ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'b' } } }),
);

/** Pods that tell selectors apart. */
const PODS = ['a', 'b'].flatMap((namespace) =>
  [{ app: 'x' }, { app: 'y' }, { app: 'z' }, {}].map((labels, index) => {
    return { namespace, name: `pod-${index}`, kind: 'Pod', labels };
  }),
);

/** Each policy under a name of its own, some of them beside a variant of themselves. */
const inputs = fc
  .tuple(randomInput, fc.array(fc.array(variants, { maxLength: 2 }), { minLength: 4, maxLength: 4 }))
  .map(([{ namespaces, workloads, policies }, chosen]): WorldInput => {
    const all = policies.flatMap(({ spec, ...rest }, index) => [
      { ...rest, spec },
      ...(chosen[index] ?? []).map((variant) => ({ ...rest, spec: { ...spec, ...variant(spec) } })),
    ]);
    const labelled = namespaces.map(({ name, labels }) => ({
      name,
      labels: { ...labels, 'kubernetes.io/metadata.name': name },
    }));
    return { namespaces: labelled, workloads: [...workloads, ...PODS], policies: all.map(named) };
  });

function named(policy: NetworkPolicy, index: number): NetworkPolicy {
  return { ...policy, metadata: { ...policy.metadata, name: `p${index}` } };
}

function lint(input: WorldInput) {
  return lintManifests({ services: [], findings: [], ...input });
}

function without(input: WorldInput, refs: ReadonlySet<string>): WorldInput {
  const policies = input.policies.filter(({ metadata }) => !refs.has(`${metadata.namespace}/${metadata.name}`));
  return { ...input, policies, cutAlsoBy: input.policies };
}

function answer(input: WorldInput): unknown {
  return connections(buildWorld({ cutAlsoBy: input.policies, ...input }));
}

describe('what lint calls removable', () => {
  test('policies: all of them away at once, and not a connection changes', () => {
    let seen = 0;
    fc.assert(
      fc.property(inputs, (input) => {
        const found = lint(input).filter(({ code }) => code === 'policy-shadowed' || code === 'policy-duplicate');
        seen += found.length;
        expect(answer(without(input, new Set(found.map(({ path }) => path))))).toEqual(answer(input));
      }),
      runs(150),
    );
    expect(seen).toBeGreaterThan(15);
  });

  test('rules: all of them away at once, and not a connection changes', () => {
    let seen = 0;
    fc.assert(
      fc.property(inputs, (input) => {
        const found = new Set(lint(input).flatMap(({ code, path }) => (code === 'rule-shadowed' ? [path] : [])));
        seen += found.size;
        expect(answer({ ...withoutRules(input, found), cutAlsoBy: input.policies })).toEqual(answer(input));
      }),
      runs(150),
    );
    expect(seen).toBeGreaterThan(8);
  });

  test('the order of the manifests changes no finding', () => {
    fc.assert(
      fc.property(inputs, (input) => {
        const turned = {
          ...input,
          policies: [...input.policies].reverse(),
          namespaces: [...input.namespaces].reverse(),
        };
        expect(lint(turned)).toEqual(lint(input));
      }),
      runs(100),
    );
  });
});

function withoutRules(input: WorldInput, paths: ReadonlySet<string>): WorldInput {
  const policies = input.policies.map(({ spec, ...rest }): NetworkPolicy => {
    const ref = `${rest.metadata.namespace}/${rest.metadata.name}`;
    const stays = (direction: string) => (_: unknown, index: number) =>
      !paths.has(`${ref} spec.${direction}[${index}]`);
    const ingress = spec.ingress?.filter(stays('ingress')) ?? [];
    const egress = spec.egress?.filter(stays('egress')) ?? [];
    return { ...rest, spec: { ...spec, ingress, egress } };
  });
  return { ...input, policies };
}
