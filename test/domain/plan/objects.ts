import type { NetworkPolicy, NetworkPolicyPeer } from '../../../src/domain/kubernetes/network-policy.js';
import type { Labels } from '../../../src/domain/model/labels.js';

const peer = (app: string): NetworkPolicyPeer => ({ podSelector: { matchLabels: { app } } });
const port = (number: number) => ({ protocol: 'TCP' as const, port: number });

/** The ingress object of a tier of application `shop`: these callers on TCP 80. */
export function allow(
  tier: string,
  matchLabels: Labels,
  from: readonly string[],
  namespace = 'shop',
  name = `allow-${tier}-ingress`,
): NetworkPolicy {
  const labels = { 'sluice.dev/application': 'shop', 'sluice.dev/tier': tier };
  const ingress = from.map((app) => ({ from: [peer(app)], ports: [port(80)] }));
  const spec = {
    podSelector: { matchLabels },
    policyTypes: ['Ingress' as const],
    ...(from.length > 0 ? { ingress } : {}),
  };
  return { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name, namespace, labels }, spec };
}

export const deny = (namespace = 'shop'): NetworkPolicy => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name: 'default-deny-all', namespace },
  spec: { podSelector: {}, policyTypes: ['Ingress', 'Egress'] },
});
