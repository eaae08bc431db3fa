import type { Profile } from '../model/entities.js';
import { formatPort } from '../model/ports.js';
import type { TierBox } from './overview-model.js';
import type { Here } from './placed.js';
import { portPhrase } from './words.js';

/**
 * What the profile allows beside the flows, a sentence each: a picture of the flows alone would not be the whole truth.
 * @example environmentNotes(DEFAULT_PROFILE, here, tiers) // ['Every tier may ask DNS on TCP 53, UDP 53.']
 */
export function environmentNotes(
  { dns, monitoring, defaultDeny }: Profile,
  here: Here,
  tiers: readonly TierBox[],
): string[] {
  if (tiers.length === 0) return [];
  const notes: string[] = [];
  if (dns !== null) notes.push(`Every tier may ask DNS on ${dns.ports.map(formatPort).join(', ')}.`);
  const scraped = monitoring === null ? [] : scrapedTiers(monitoring.portNames, here, tiers);
  if (scraped.length > 0) notes.push(`Monitoring may reach ${scraped.join(', ')}.`);
  if (!defaultDeny) notes.push('Default deny is off: a tier that no flow reaches takes connections from everywhere.');
  return notes;
}

function scrapedTiers(portNames: readonly string[], here: Here, tiers: readonly TierBox[]): string[] {
  const places = new Map(here.tiers.map((tier) => [`tier ${tier.ref}`, tier]));
  return tiers.flatMap(({ id, name, outside }) => {
    const ports = (places.get(id)?.ports ?? []).filter((port) => portNames.includes(port.name));
    return ports.length === 0 || outside !== undefined ? [] : [`${name} (${portPhrase(ports)})`];
  });
}
