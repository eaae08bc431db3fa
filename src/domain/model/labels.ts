import { dnsSubdomain, quote } from './names.js';
import type { Violation } from './violation.js';

/** Labels as Kubernetes keeps them: keys are qualified names, values may be empty. */
export type Labels = Readonly<Record<string, string>>;

const NAME_PART = /^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/;

/**
 * A label key: an optional DNS-subdomain prefix and `/`, then a name of at most 63 characters.
 * https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set
 * @example labelKey('app.kubernetes.io/name') // undefined
 */
export function labelKey(key: string): Violation | undefined {
  const slash = key.indexOf('/');
  const name = slash < 0 ? key : key.slice(slash + 1);
  const prefix = slash < 0 ? undefined : key.slice(0, slash);
  const nameOk = name.length <= 63 && NAME_PART.test(name);
  const prefixOk = prefix === undefined || dnsSubdomain(prefix) === undefined;
  if (nameOk && prefixOk) return undefined;
  return {
    code: 'label-key',
    detail: `${quote(key)} is not a label key: use a name of 1 to 63 letters, digits, '-', '_' and '.', starting and ending with a letter or digit, with an optional DNS subdomain and '/' before it`,
  };
}

/**
 * A label value: empty, or 1 to 63 of letters, digits, `-`, `_`, `.`, starting and ending with a letter or digit.
 * @example labelValue('v1.2') // undefined
 */
export function labelValue(value: string): Violation | undefined {
  if (value === '' || (value.length <= 63 && NAME_PART.test(value))) return undefined;
  return {
    code: 'label-value',
    detail: `${quote(value)} is not a label value: use at most 63 letters, digits, '-', '_' and '.', starting and ending with a letter or digit, or nothing`,
  };
}
