import { groupBy } from './group-by.js';
import type { Arrow, OverviewModel, TierBox } from './overview-model.js';
import { joinPorts } from './port-lists.js';
import { ENDPOINT, outsideMark, portNumbers, portPhrase } from './words.js';

/** The headers of the summary table (contract). */
export const SUMMARY_HEADERS = ['Pod', 'Ingress Port', 'Egress Target'] as const;

export type SummaryRow = readonly [pod: string, ingressPort: string, egressTarget: string];

/**
 * One row a tier, in the order of the model: where flows come in, and whom it calls on what.
 * @example summary(model)[0] // ['frontend', '80', 'backend (port 3000)']
 */
export function summary(model: OverviewModel): SummaryRow[] {
  const names = new Map([...model.peers, ...model.tiers].map((box) => [box.id, box.name]));
  const incoming = groupBy(model.arrows, (arrow) => arrow.to);
  const outgoing = groupBy(model.arrows, (arrow) => arrow.from);
  return model.tiers.map((tier) => {
    const targets = (outgoing.get(tier.id) ?? []).map(
      (arrow) => `${names.get(arrow.to) ?? arrow.to} (${portPhrase(arrow.ports)})`,
    );
    return [podCell(tier), ingressCell(incoming.get(tier.id) ?? []), targets.join(', ') || ENDPOINT];
  });
}

function podCell(tier: TierBox): string {
  const mark = outsideMark(tier);
  return mark === undefined ? tier.name : `${tier.name} (${mark})`;
}

function ingressCell(arrows: readonly Arrow[]): string {
  if (arrows.length === 0) return 'None';
  return portNumbers(joinPorts(arrows.map(({ ports }) => ports)));
}
