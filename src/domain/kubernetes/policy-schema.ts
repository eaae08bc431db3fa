/** The type of a field of the API, as far as its shape goes; values are the business of the other rules. */
export type Schema =
  | { readonly kind: 'any' | 'text' | 'integer' | 'integer-or-text' }
  /** A mapping of any keys to texts. */
  | { readonly kind: 'texts' }
  | { readonly kind: 'list'; readonly items: Schema }
  | { readonly kind: 'fields'; readonly fields: Readonly<Record<string, Schema>> };

const any: Schema = { kind: 'any' };
const text: Schema = { kind: 'text' };
const texts: Schema = { kind: 'texts' };
const listOf = (items: Schema): Schema => ({ kind: 'list', items });
const fields = (known: Readonly<Record<string, Schema>>): Schema => ({ kind: 'fields', fields: known });

const selector = fields({
  matchLabels: texts,
  matchExpressions: listOf(fields({ key: text, operator: text, values: listOf(text) })),
});
const peers = listOf(
  fields({ podSelector: selector, namespaceSelector: selector, ipBlock: fields({ cidr: text, except: listOf(text) }) }),
);
const ports = listOf(fields({ protocol: text, port: { kind: 'integer-or-text' }, endPort: { kind: 'integer' } }));

const metadata = fields({
  name: text,
  generateName: text,
  namespace: text,
  labels: texts,
  annotations: texts,
  // What the server fills in, and what dumps therefore carry.
  ...Object.fromEntries(
    [
      'clusterName',
      'creationTimestamp',
      'deletionGracePeriodSeconds',
      'deletionTimestamp',
      'finalizers',
      'generation',
      'managedFields',
      'ownerReferences',
      'resourceVersion',
      'selfLink',
      'uid',
    ].map((key) => [key, any]),
  ),
});

/** networking.k8s.io/v1 NetworkPolicy. `status` was a field once and still stands in many generated files. */
export const NETWORK_POLICY: Schema = fields({
  apiVersion: text,
  kind: text,
  metadata,
  spec: fields({
    podSelector: selector,
    policyTypes: listOf(text),
    ingress: listOf(fields({ from: peers, ports })),
    egress: listOf(fields({ to: peers, ports })),
  }),
  status: any,
});
