import type { ManifestFacts, ManifestRule } from '../manifest-facts.js';
import { someOf } from '../../rule.js';

const OUTSIDE = ['LoadBalancer', 'NodePort'];

/** Connections through such a Service come from an address outside, or from a node's: selectors of pods do not match them. */
export const serviceClosedOutside: ManifestRule = {
  code: 'service-closed-outside',
  severity: 'warning',
  what: 'A Service of type LoadBalancer or NodePort whose pods admit no address from outside: nobody gets in through it.',
  mend: 'Add an ingress rule with ipBlocks of the callers (or the nodes, where the load balancer hides them), or make it a ClusterIP Service.',
  find: (facts) => {
    const open = podsOpenOutside(facts);
    return facts.manifests.services.flatMap((service) => {
      if (!OUTSIDE.includes(service.type) || Object.keys(service.selector).length === 0) return [];
      const pods = facts.pods.inNamespace(service.namespace, { matchLabels: service.selector });
      if (pods.length === 0 || !facts.effort.spend(pods.length) || pods.some(open)) return [];
      const refs = facts.pods.refs(pods);
      return [
        {
          path: `${service.namespace}/${service.name} spec.type`,
          message: `Service ${service.namespace}/${service.name} is a ${service.type}, but the policies of ${someOf(refs)} admit no address outside the cluster`,
          value: service.type,
        },
      ];
    });
  },
};

/** Pods that no policy isolates for ingress, or that one admits anyone or a block to. */
function podsOpenOutside({ policies, effort }: ManifestFacts): (pod: number) => boolean {
  const isolated = new Set<number>();
  const open = new Set<number>();
  for (const { directions, rules, selects } of policies) {
    if (!directions.includes('ingress')) continue;
    if (!effort.spend(selects.length)) return () => true; // what is not looked at could admit anyone
    const admits = rules.some(
      ({ direction, peers }) =>
        direction === 'ingress' && (peers === undefined || peers.some(({ peer }) => peer.ipBlock !== undefined)),
    );
    for (const pod of selects) (admits ? open : isolated).add(pod);
  }
  return (pod) => open.has(pod) || !isolated.has(pod);
}
