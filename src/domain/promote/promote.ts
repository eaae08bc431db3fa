import type { Problem } from '../errors.js';
import type { Finding } from '../finding.js';
import type { Snapshot } from '../model/snapshot.js';
import { combine, holdsIn, placedIn, type PromotedFlows, promotedFlows, type PromotionParts } from './combine.js';
import { obstacles } from './obstacles.js';

/** What a promotion may notice: a closed list. */
export const PROMOTION_CODES = [
  'flow-not-promoted', // the source has the flow, and its declaration leaves out the target
  'flow-not-published', // a flow of the target's own that its latest version does not have: promotions bring the source's flows
  'application-not-published', // placed in the target, but not in the source, and no version of the target has it
] as const;
export type PromotionCode = (typeof PROMOTION_CODES)[number];

const MEND: Readonly<Record<PromotionCode, string>> = {
  'flow-not-promoted': 'Nothing, where that is meant; else declare the flow for this environment too.',
  'flow-not-published': 'Publish this environment from the working model.',
  'application-not-published':
    'Publish this environment from the working model, or place the application in the source.',
};

/** A promotion, ready to be rendered; where there are problems, it is not to be. */
export interface Promotion {
  readonly snapshot: Snapshot;
  /** What is not part of it that one could look for. */
  readonly findings: readonly Finding[];
  readonly problems: readonly Problem[];
}

/**
 * Takes a version to another environment: the same declared flows, with the placements, profile and addresses that the other one has. What the
 * version does not speak of stays there as it is, so that a promotion never cuts it; a flow that is not declared for the target is left out, so
 * that a promotion never widens it. Refuses nothing: `problems` say why the flows would not hold.
 * @example promote({ source, target, latest: undefined }).snapshot.environment.name // 'prod'
 */
export function promote(parts: PromotionParts): Promotion {
  const flows = promotedFlows(parts);
  const snapshot = combine(parts, flows);
  return { snapshot, findings: noticed(parts, flows, snapshot), problems: obstacles(parts, flows, snapshot) };
}

function noticed({ source, target }: PromotionParts, { leftOut }: PromotedFlows, snapshot: Snapshot): Finding[] {
  const [from, to] = [source.environment.name, target.environment.name];
  const flows = new Set(snapshot.flows.map(({ name }) => name));
  const waiting = target.flows.filter((flow) => holdsIn(flow, to) && !holdsIn(flow, from) && !flows.has(flow.name));
  const applications = new Set(snapshot.applications.map(({ name }) => name));
  const unknown = [...placedIn(target)].filter((name) => !applications.has(name));
  return [
    ...leftOut.map(({ name }) =>
      notice('flow-not-promoted', `flow/${name}`, `flow "${name}" is declared for "${from}" and not for "${to}"`),
    ),
    ...waiting.map(({ name }) =>
      notice('flow-not-published', `flow/${name}`, `flow "${name}" is declared for "${to}" and not for "${from}"`),
    ),
    ...unknown.map((name) =>
      notice(
        'application-not-published',
        `application/${name}`,
        `application "${name}" is placed in "${to}" and not in the promoted version of "${from}"`,
      ),
    ),
  ];
}

function notice(code: PromotionCode, path: string, message: string): Finding {
  return { code, severity: 'info', path, message: `${message}: it is not part of the promotion`, mend: MEND[code] };
}
