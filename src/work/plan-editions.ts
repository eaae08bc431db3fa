import { SluiceError } from '../domain/errors.js';
import type { NetworkPolicy } from '../domain/kubernetes/network-policy.js';
import { inventoryOf, pruneList, type Inventory, type Prune } from '../domain/plan/inventory.js';
import { planSteps } from '../domain/plan/plan.js';
import type { PlanStep } from '../domain/plan/step.js';
import { syncWaves, writeWaves } from '../domain/plan/sync-waves.js';
import { writeScript } from '../domain/plan/write-script.js';
import type { EditionBytes } from '../store/edition-bytes.js';
import { type Edition, type EditionSource, readRendered } from './edition-source.js';

export type EditionName = Pick<Edition, 'environment' | 'version' | 'digest'>;

/** The way from one edition of an environment to another. */
export interface Plan {
  readonly environment: string;
  /** Not there: from an empty cluster. */
  readonly from?: EditionName;
  readonly to: EditionName;
  readonly steps: readonly PlanStep[];
  readonly prune: readonly Prune[];
}

export interface EditionInventory extends EditionName, Inventory {
  /** Against an earlier version, where one is named. */
  readonly prune?: readonly Prune[];
}

export interface PlanEditions {
  readonly from: EditionSource | undefined;
  readonly to: EditionSource;
}

/** Both ends of the way. */
interface Ends {
  readonly plan: Plan;
  readonly before: readonly NetworkPolicy[];
  readonly after: readonly NetworkPolicy[];
}

/** What a plan can be written as. */
const WRITERS = { json: writeJson, sh: writeSteps, yaml: writeObjects } as const;
export type PlanFormat = keyof typeof WRITERS;

export async function planEditions(order: PlanEditions, bytes: EditionBytes): Promise<Plan> {
  return (await planned(order, bytes)).plan;
}

/** As planEditions, written. Refuses (not-acceptable) sync waves where they cannot do it. */
export async function writePlan(
  { format, ...order }: PlanEditions & { readonly format: PlanFormat },
  bytes: EditionBytes,
): Promise<Uint8Array> {
  return WRITERS[format](await planned(order, bytes));
}

export async function inventoryEdition({ from, to }: PlanEditions, bytes: EditionBytes): Promise<EditionInventory> {
  const edition = await readRendered(bytes, to);
  const inventory = { ...nameOf(edition), ...inventoryOf(to.environment, edition.policies) };
  if (from === undefined) return inventory;
  const { policies } = await readRendered(bytes, from);
  return { ...inventory, prune: pruneList(policies, edition.policies) };
}

async function planned({ from, to }: PlanEditions, bytes: EditionBytes): Promise<Ends> {
  const start = from && (await readRendered(bytes, from));
  const end = await readRendered(bytes, to);
  const [before, after] = [start?.policies ?? [], end.policies];
  const ends = { ...(start === undefined ? {} : { from: nameOf(start) }), to: nameOf(end) };
  const steps = planSteps(before, after);
  return { plan: { environment: to.environment, ...ends, steps, prune: pruneList(before, after) }, before, after };
}

function writeJson({ plan }: Ends): Uint8Array {
  return Buffer.from(JSON.stringify(plan));
}

/** The steps as a shell script for kubectl. */
function writeSteps({ plan: { environment, from, to, steps } }: Ends): Uint8Array {
  return Buffer.from(writeScript({ environment, from: from?.version, to: to.version }, steps));
}

/** The objects of the later version with the sync waves of Argo CD. */
function writeObjects({ plan: { environment, from, to, steps }, before, after }: Ends): Uint8Array {
  const waves = syncWaves(before, after, steps);
  if (waves.kind === 'waves') return writeWaves(waves.objects);
  const more = waves.reasons.length > 1 ? ` (and ${waves.reasons.length - 1} more)` : '';
  const query = from === undefined ? '' : `?from=${from.version}`;
  const instead = `/v1/environments/${environment}/bundles/${to.version}/plan.sh${query} does it in steps`;
  throw new SluiceError(
    'not-acceptable',
    `sync waves cannot do this without a cut: ${waves.reasons[0] ?? ''}${more}; ${instead}`,
  );
}

function nameOf({ environment, version, digest }: EditionName): EditionName {
  return { environment, version, digest };
}
