import type {
  EgressRule,
  IngressRule,
  NetworkPolicy,
  NetworkPolicyPeer,
  NetworkPolicyPort,
} from '../../kubernetes/network-policy.js';

/**
 * Gives a function that makes equal peers and equal lists of ports of the policies it takes one object each. Many policies name the
 * same peer; who compares them knows it again by identity, and it is kept once.
 * @example const share = pieceSharer(); share(one).spec.ingress?.[0]?.ports === share(other).spec.egress?.[0]?.ports // where they are equal
 */
export function pieceSharer(): (policy: NetworkPolicy) => NetworkPolicy {
  const peer = sharer<NetworkPolicyPeer>();
  const ports = sharer<readonly NetworkPolicyPort[]>();
  const ingress = ({ from, ports: of }: IngressRule): IngressRule => ({
    ...(from === undefined ? {} : { from: from.map(peer) }),
    ...(of === undefined ? {} : { ports: ports(of) }),
  });
  const egress = ({ to, ports: of }: EgressRule): EgressRule => ({
    ...(to === undefined ? {} : { to: to.map(peer) }),
    ...(of === undefined ? {} : { ports: ports(of) }),
  });
  return ({ spec, ...policy }) => ({
    ...policy,
    spec: {
      ...spec,
      ...(spec.ingress === undefined ? {} : { ingress: spec.ingress.map(ingress) }),
      ...(spec.egress === undefined ? {} : { egress: spec.egress.map(egress) }),
    },
  });
}

/** Two values are one where their JSON is: what was read from bytes that were rendered has its keys in one order. */
function sharer<T>(): (value: T) => T {
  const known = new Map<string, T>();
  return (value) => {
    const text = JSON.stringify(value);
    const first = known.get(text);
    if (first === undefined) known.set(text, value);
    return first ?? value;
  };
}
