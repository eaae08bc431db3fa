import { dnsLabel, dnsSubdomain } from '../../model/names.js';
import { textAt } from '../fields.js';
import type { PolicyRule } from '../policy-rule.js';

/** metadata.name is a DNS subdomain; without it, generateName must be the beginning of one. metadata.namespace is a DNS label. */
export const objectName: PolicyRule = ({ metadata }) => [...nameOf(metadata), ...namespaceOf(metadata)];

const nameOf: (metadata: Parameters<PolicyRule>[0]['metadata']) => ReturnType<PolicyRule> = (metadata) => {
  const name = textAt(metadata, 'name') ?? '';
  const prefix = textAt(metadata, 'generateName') ?? '';
  if (name === '' && prefix === '') {
    return [{ path: ['metadata', 'name'], code: 'required', detail: 'a NetworkPolicy needs a name or a generateName' }];
  }
  const field = name === '' ? 'generateName' : 'name';
  // The server adds letters and digits to generateName: a '-' at its end is fine.
  const violation = dnsSubdomain(name === '' ? prefix.replace(/-$/, 'a') : name);
  return violation === undefined ? [] : [{ path: ['metadata', field], ...violation, value: metadata[field] }];
};

const namespaceOf: typeof nameOf = (metadata) => {
  const namespace = textAt(metadata, 'namespace') ?? '';
  const violation = namespace === '' ? undefined : dnsLabel(namespace);
  return violation === undefined ? [] : [{ path: ['metadata', 'namespace'], ...violation, value: namespace }];
};
