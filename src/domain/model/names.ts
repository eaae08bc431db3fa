import type { Violation } from './violation.js';

const LABEL = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;
export const SUBDOMAIN_MAX = 253;
const SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

/**
 * An RFC 1123 label, as Kubernetes uses for namespaces: 1 to 63 of `a-z 0-9 -`, starting and ending with a letter or digit.
 * All names of the model keep it. https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#dns-label-names
 * @example dnsLabel('Shop') // { code: 'dns-label', detail: '"Shop" is not a DNS label: ...' }
 */
export function dnsLabel(text: string): Violation | undefined {
  if (LABEL.test(text)) return undefined;
  return {
    code: 'dns-label',
    detail: `${quote(text)} is not a DNS label: use 1 to 63 lower-case letters, digits and '-', starting and ending with a letter or digit`,
  };
}

/**
 * An RFC 1123 subdomain, as Kubernetes uses for object names: DNS labels joined by dots, at most 253 characters in all.
 * @example dnsSubdomain('allow-web-ingress') // undefined
 */
export function dnsSubdomain(text: string): Violation | undefined {
  if (text.length <= SUBDOMAIN_MAX && SUBDOMAIN.test(text)) return undefined;
  return {
    code: 'dns-subdomain',
    detail: `${quote(text)} is not a DNS subdomain: use at most 253 lower-case letters, digits, '-' and '.', each part starting and ending with a letter or digit`,
  };
}

/** JSON-quoted and cut to 80 characters, so that a message stays one readable line whatever the client sent. */
export function quote(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 77)}...` : text);
}
