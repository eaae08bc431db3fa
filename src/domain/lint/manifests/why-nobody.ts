import { compareText } from '../../errors.js';
import type { LabelSelector } from '../../model/selector.js';
import { someOf } from '../rule.js';
import { formatSelector } from '../selectors.js';
import type { ManifestFacts } from './manifest-facts.js';
import type { LabelValues } from './pod-lookup.js';

/** Enough to tell a typing error; a selector of all namespaces need not be held against each of them. */
const NAMESPACES_MAX = 10;

/**
 * Why a selector matches no pod of these namespaces, as far as labels tell: the first label that no pod has, and what they have
 * instead; or the Service whose name was taken for a label.
 * @example whyNobody(facts, ['shop'], { matchLabels: { app: 'databse' } }) // 'no pod in shop has app=databse (app is: database, web)'
 */
export function whyNobody(facts: ManifestFacts, namespaces: readonly string[], selector: LabelSelector): string {
  const where = namespaces.length === 0 ? 'these manifests' : someOf(namespaces);
  const looked = namespaces.slice(0, NAMESPACES_MAX);
  const labels = looked.map((name) => facts.pods.labelValues(name)).filter((values) => values !== undefined);
  if (labels.length === 0) return `there is no pod in ${where}`;
  for (const [key, value] of Object.entries(selector.matchLabels ?? {})) {
    if (labels.some((values) => values.get(key)?.has(value) === true)) continue;
    return `no pod in ${where} has ${key}=${value} (${serviceNamed(facts, looked, value) ?? valuesOf(labels, key)})`;
  }
  return `no pod in ${where} has all of ${formatSelector(selector)}`;
}

function valuesOf(labels: readonly LabelValues[], key: string): string {
  const values = labels.flatMap((some) => [...(some.get(key) ?? [])].slice(0, NAMESPACES_MAX));
  const keys = new Set(labels.flatMap((some) => [...some.keys()]));
  if (values.length > 0) return `${key} is: ${someOf([...new Set(values)].sort(compareText))}`;
  return keys.size === 0 ? 'they have no labels' : `they have the labels: ${someOf([...keys].sort(compareText))}`;
}

/** A Service often carries another name than the label of its pods. */
function serviceNamed({ services }: ManifestFacts, namespaces: readonly string[], name: string): string | undefined {
  const service = namespaces.map((namespace) => services.get(`${namespace}/${name}`)).find((one) => one !== undefined);
  if (service === undefined || Object.keys(service.selector).length === 0) return undefined;
  return `"${name}" is a Service, whose pods have ${formatSelector({ matchLabels: service.selector })}`;
}
