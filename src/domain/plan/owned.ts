import type { ObjectMeta } from '../kubernetes/network-policy.js';
import { MANAGED_BY } from '../render/render.js';

export const ENVIRONMENT = 'sluice.dev/environment';

/**
 * An object that carries the labels of an environment, as every rendered object does. Anyone may write labels: whoever deletes asks for more.
 * @example carriesLabels({ labels: { 'app.kubernetes.io/managed-by': 'sluice', 'sluice.dev/environment': 'dev' } }, 'dev') // true
 */
export function carriesLabels({ labels = {} }: Pick<ObjectMeta, 'labels'>, environment: string): boolean {
  return labels[MANAGED_BY] === 'sluice' && labels[ENVIRONMENT] === environment;
}
