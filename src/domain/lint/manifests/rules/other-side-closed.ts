import type { Reach } from '../reach.js';
import { someOf } from '../../rule.js';
import { placeOf, type LintedRule } from '../linted-policy.js';
import type { ManifestFacts, ManifestRule } from '../manifest-facts.js';
import { isOtherSideClosed } from '../other-side.js';
import { formatOpens } from '../rule-ports.js';
import { formatPeer } from '../why-peer.js';

/** A connection needs the egress of its source and the ingress of its destination: a rule whose other side is closed is half a door. */
export const otherSideClosed: ManifestRule = {
  code: 'other-side-closed',
  severity: 'warning',
  what: 'A peer whose own policies do not allow the connection in its direction: nobody can use the rule with it.',
  mend: 'Open the other side too: egress of the source and ingress of the destination, on the same port; or remove the peer.',
  find: (facts) => {
    const classesOf = classesOfPods(facts);
    const faulty = new Set(facts.ports.filter(({ state }) => state.kind !== 'fine').map(({ rule }) => rule));
    return facts.policies.flatMap((policy) => {
      const subjects = few(policy.selects, classesOf);
      if (subjects === undefined) return [];
      return policy.rules.flatMap((rule) =>
        (faulty.has(rule) ? [] : (rule.peers ?? [])).flatMap((peer) => {
          const others = few(podsOf(peer.reach), classesOf);
          if (others === undefined) return [];
          if (!isOtherSideClosed(facts.world, rule.direction, rule.opens, { subjects, others }, facts.effort))
            return [];
          const message = `NetworkPolicy ${policy.ref} ${verb(rule)} ${formatPeer(peer)} ${formatOpens(rule.opens)}, but ${closed(rule, facts.pods.refs(podsOf(peer.reach)))}`;
          return [{ path: placeOf(policy, peer.path), message, value: formatPeer(peer) }];
        }),
      );
    });
  },
};

function podsOf(reach: Reach): readonly number[] {
  return reach.kind === 'pods' && reach.known === 'all' ? reach.pods : [];
}

function verb({ direction }: LintedRule): string {
  return direction === 'ingress' ? 'admits' : 'lets its pods reach';
}

function closed({ direction }: LintedRule, refs: readonly string[]): string {
  return direction === 'ingress'
    ? `the egress policies of ${someOf(refs)} let nothing of it out`
    : `the ingress policies of ${someOf(refs)} let nothing of it in`;
}

const FEW = 400;

/** The classes of some pods, where they are few enough to ask one by one. */
function few(pods: readonly number[], classesOf: (pod: number) => readonly number[]): ReadonlySet<number> | undefined {
  if (pods.length === 0) return undefined;
  const classes = new Set<number>();
  for (const pod of pods) {
    for (const id of classesOf(pod)) classes.add(id);
    if (classes.size > FEW) return undefined;
  }
  return classes;
}

function classesOfPods({ pods, world }: ManifestFacts): (pod: number) => readonly number[] {
  return (pod) => {
    const [ref] = pods.refs([pod]);
    return (ref === undefined ? undefined : world.byName.get(ref)?.[0]?.classes) ?? [];
  };
}
