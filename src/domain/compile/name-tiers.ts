import { createHash } from 'node:crypto';
import { compareText } from '../errors.js';
import { SUBDOMAIN_MAX } from '../model/names.js';
import type { Direction } from './compiled.js';

export const DEFAULT_DENY = 'default-deny-all';

const PREFIX = 'allow-';
const HASH_LENGTH = 8;
const STEM_MAX = SUBDOMAIN_MAX - PREFIX.length - '-ingress'.length;

interface Named {
  readonly ref: string;
  readonly application: string;
  readonly name: string;
}

/**
 * The middle part of the object names of the tiers of one namespace, by `application/tier`: `<tier>`, or `<application>-<tier>` where
 * several applications have a tier of that name. Where that is too long, or would meet another one (tier `c` of `a-b` and tier `b-c`
 * of `a`), it gets a hash of the reference; a name without an application keeps its plain form. No two tiers get the same.
 * @example nameTiers([{ ref: 'shop/web', application: 'shop', name: 'web' }]).get('shop/web') // 'web'
 */
export function nameTiers(tiers: readonly Named[]): ReadonlyMap<string, string> {
  const sorted = [...tiers].sort((a, b) => compareText(a.ref, b.ref));
  const sameName = countBy(sorted.map((tier) => tier.name));
  const isPlain = (tier: Named) => sameName.get(tier.name) === 1;
  const wanted = (tier: Named) => (isPlain(tier) ? tier.name : `${tier.application}-${tier.name}`);
  const sameStem = countBy(sorted.map(wanted));
  const keepsIt = (tier: Named) =>
    wanted(tier).length <= STEM_MAX && (isPlain(tier) || sameStem.get(wanted(tier)) === 1);

  const stems = new Map(sorted.filter(keepsIt).map((tier) => [tier.ref, wanted(tier)]));
  const taken = new Set(stems.values());
  for (const tier of sorted) {
    if (stems.has(tier.ref)) continue;
    const stem = hashedStem(wanted(tier), tier.ref, taken);
    stems.set(tier.ref, stem);
    taken.add(stem);
  }
  return stems;
}

/**
 * The name of the object of a tier and direction. All sort before `default-deny-all`, so that the default deny is applied last.
 * @example objectName('web', 'ingress') // 'allow-web-ingress'
 */
export function objectName(stem: string, direction: Direction): string {
  return `${PREFIX}${stem}-${direction}`;
}

function hashedStem(wanted: string, ref: string, taken: ReadonlySet<string>): string {
  const start = wanted.slice(0, STEM_MAX - HASH_LENGTH - 1).replace(/[-.]+$/, '');
  for (let attempt = 0; ; attempt++) {
    const hash = createHash('sha256')
      .update(attempt === 0 ? ref : `${ref} ${attempt}`)
      .digest('hex')
      .slice(0, HASH_LENGTH);
    const stem = `${start}-${hash}`;
    if (!taken.has(stem)) return stem;
  }
}

function countBy(texts: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return counts;
}
