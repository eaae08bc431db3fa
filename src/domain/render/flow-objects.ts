import type { CompiledPolicy } from '../compile/compiled.js';

/**
 * Which objects hold each flow: its name to `namespace/name` of the NetworkPolicies, in their order. A flow that is not rendered is absent.
 * @example flowObjects(compile(snapshot).policies).get('web-to-api') // ['shop/allow-api-ingress', 'shop/allow-web-egress']
 */
export function flowObjects(policies: readonly CompiledPolicy[]): ReadonlyMap<string, readonly string[]> {
  const objects = new Map<string, string[]>();
  for (const policy of policies) {
    if (policy.kind !== 'tier') continue;
    const object = `${policy.namespace}/${policy.name}`;
    for (const flow of policy.flows) {
      const known = objects.get(flow);
      if (known === undefined) objects.set(flow, [object]);
      else known.push(object);
    }
  }
  return objects;
}
