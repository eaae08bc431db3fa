import type { NetworkPolicy } from '../kubernetes/network-policy.js';
import { wholeYaml, writeYaml } from '../render/yaml.js';
import { isDefaultDeny, meetings } from './selection.js';
import type { PlanStep } from './step.js';

export const SYNC_WAVE = 'argocd.argoproj.io/sync-wave';

/** The objects of a version, each with its wave; or why waves cannot do it without a cut. */
export type SyncWaves =
  | { readonly kind: 'waves'; readonly objects: readonly NetworkPolicy[] }
  | { readonly kind: 'impossible'; readonly reasons: readonly string[] };

/**
 * A plan as Argo CD can follow it: by the annotation sync-wave on each object of the later version. Waves know one form of each object and
 * leave pruning to the end (PruneLast), all at once; a plan that needs more is impossible. Objects are in wave 0 but for changes that wait
 * for something, default denies in the wave after all of them.
 * https://argo-cd.readthedocs.io/en/stable/user-guide/sync-waves/
 * @example syncWaves([], after, planSteps([], after)) // allow-* in wave 0, default-deny-all in wave 1
 */
export function syncWaves(
  before: readonly NetworkPolicy[],
  after: readonly NetworkPolicy[],
  steps: readonly PlanStep[],
): SyncWaves {
  const byNamespace = stepsByNamespace(steps);
  const reasons = [...byNamespace.values()].flatMap(obstacles);
  if (reasons.length > 0) return { kind: 'impossible', reasons };
  const old = new Map(before.map((policy) => [keyOf(policy.metadata), policy]));
  const waves = new Map([...byNamespace.values()].flatMap((own) => [...wavesOf(own, old)]));
  const denyWave = Math.max(0, ...waves.values()) + 1;
  const late = new Set([...byNamespace.values()].flatMap(afterDeny));
  const objects = after.map((policy) => {
    const key = keyOf(policy.metadata);
    if (isDefaultDeny(policy)) return withWave(policy, denyWave);
    return withWave(policy, late.has(key) ? denyWave + 1 : (waves.get(key) ?? 0));
  });
  return { kind: 'waves', objects };
}

/** The annotated objects as one YAML stream. */
export function writeWaves(objects: readonly NetworkPolicy[]): Uint8Array {
  return wholeYaml(writeYaml(objects));
}

type WithObject = PlanStep & { readonly object: NetworkPolicy };

function stepsByNamespace(steps: readonly PlanStep[]): Map<string, PlanStep[]> {
  const found = new Map<string, PlanStep[]>();
  for (const step of steps) {
    const own = found.get(step.namespace);
    if (own === undefined) found.set(step.namespace, [step]);
    else own.push(step);
  }
  return found;
}

/** Why the steps of a namespace cannot be waves. */
function obstacles(steps: readonly PlanStep[]): string[] {
  const twice = steps
    .filter(({ reason }) => reason === 'kept' || reason === 'widened')
    .map(({ namespace, name, why }) => `${namespace}/${name} is needed in between: ${why}`);
  const denyGoes = steps.findIndex(({ reason }) => reason === 'default-deny-removed');
  const [next] = denyGoes === -1 ? [] : steps.slice(denyGoes + 1);
  const order = `in namespace ${next?.namespace ?? ''} the default deny must be gone before ${next?.name ?? ''} is touched`;
  return next === undefined ? twice : [...twice, order];
}

/** A change waits for the steps before it that give something to pods which the object selected. */
function wavesOf(steps: readonly PlanStep[], old: ReadonlyMap<string, NetworkPolicy>): Map<string, number> {
  const brought = steps.filter((step): step is WithObject => step.object !== undefined && !isDefaultDeny(step.object));
  const comingTo = meetings(brought, ({ object }) => object);
  const waves = new Map<string, number>();
  for (const step of brought) {
    let wave = 0;
    for (const other of comingTo(old.get(keyOf(step)) ?? step.object))
      if (step.action === 'change' && other.number < step.number)
        wave = Math.max(wave, 1 + (waves.get(keyOf(other)) ?? 0));
    waves.set(keyOf(step), wave);
  }
  return waves;
}

/** What changes only when the default deny is there. */
function afterDeny(steps: readonly PlanStep[]): string[] {
  const deny = steps.findIndex(({ reason }) => reason === 'default-deny-added');
  return deny === -1 ? [] : steps.slice(deny + 1).map(keyOf);
}

function withWave(policy: NetworkPolicy, wave: number): NetworkPolicy {
  const annotations = { ...policy.metadata.annotations, [SYNC_WAVE]: String(wave) };
  return { ...policy, metadata: { ...policy.metadata, annotations } };
}

function keyOf({ namespace, name }: { readonly namespace: string; readonly name: string }): string {
  return `${namespace}/${name}`;
}
