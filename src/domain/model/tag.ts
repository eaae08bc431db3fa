import { dnsLabel, quote } from './names.js';
import type { Violation } from './violation.js';

/** A name that marks one version of an environment and can be moved to another, as a channel is: retention keeps what is marked. */
export interface Tag {
  readonly environment: string;
  readonly name: string;
  readonly version: number;
}

const STANDS_FOR_A_VERSION = /^(latest|draft|v?[0-9]+)$/;

/**
 * How a published version is named: its number, `latest`, or a tag.
 * @example versionName('draft') // { code: 'version-name', detail: '"draft" names no published version: ...' }
 */
export function versionName(text: string): Violation | undefined {
  if (text === 'latest' || /^[1-9][0-9]{0,8}$/.test(text) || tagName(text) === undefined) return undefined;
  return {
    code: 'version-name',
    detail: `${quote(text)} names no published version: use a number, latest, or a tag`,
  };
}

/**
 * The name of a tag: a DNS label that stands for nothing else where a version is named, neither in a path nor in a registry.
 * @example tagName('v7') // { code: 'reserved-tag', detail: '"v7" is no name for a tag: ...' }
 */
export function tagName(text: string): Violation | undefined {
  const violation = dnsLabel(text);
  if (violation !== undefined || !STANDS_FOR_A_VERSION.test(text)) return violation;
  return {
    code: 'reserved-tag',
    detail: `${quote(text)} is no name for a tag: latest, draft and numbers, with a v or without, stand for versions already`,
  };
}
