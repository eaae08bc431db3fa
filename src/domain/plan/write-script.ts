import type { NetworkPolicy } from '../kubernetes/network-policy.js';
import { wholeYaml, writeYaml } from '../render/yaml.js';
import type { PlanStep } from './step.js';

/** What the head of a script says. */
export interface ScriptTitle {
  readonly environment: string;
  /** Nothing: from an empty cluster. */
  readonly from: number | 'draft' | undefined;
  readonly to: number | 'draft';
}

/**
 * A plan as a shell script for kubectl, which does one step after the other and ends at the first that fails. Every prefix of a plan is
 * safe, so is a script that ended; run again it does all steps again, which changes nothing where they were done.
 * @example writeScript({ environment: 'dev', from: 1, to: 2 }, planSteps(before, after))
 */
export function writeScript(title: ScriptTitle, steps: readonly PlanStep[]): string {
  const texts = yamlOf(steps.flatMap(({ object }) => object ?? []));
  let next = 0;
  const parts = steps.map((step) =>
    writeStep(step, steps.length, step.object === undefined ? '' : (texts[next++] ?? '')),
  );
  return `${head(title, steps.length)}${parts.join('')}`;
}

function head({ environment, from, to }: ScriptTitle, count: number): string {
  const start = from === undefined ? 'an empty cluster' : nameOf(from);
  const work =
    count === 0
      ? 'Nothing differs, so there is nothing to do.'
      : 'At no moment is a connection denied that both allow. A run that ended early can be run again.';
  return `#!/bin/sh
# Sluice: environment ${environment}, from ${start} to ${nameOf(to)}, in ${count} ${count === 1 ? 'step' : 'steps'}.
# ${work}
# Arguments are given to every call of kubectl: sh plan.sh --context=dev
# FORCE_CONFLICTS=1 takes over fields that another tool has applied. KUBECTL names another program than kubectl.
set -eu
`;
}

function nameOf(version: number | 'draft'): string {
  return version === 'draft' ? 'the draft' : `version ${version}`;
}

function writeStep(step: PlanStep, count: number, yaml: string): string {
  const { number, action, namespace, name, why } = step;
  const say = `\nprintf '%s\\n' ${quoted(`${number}/${count} ${action} ${namespace}/${name}: ${why}`)}\n`;
  if (step.object === undefined) return `${say}${remove(namespace, name)}\n`;
  const end = delimiterFor(yaml);
  return `${say}${APPLY} <<'${end}'\n${yaml}${end}\n`;
}

const KUBECTL = '"${KUBECTL:-kubectl}"';
const APPLY = `${KUBECTL} apply --server-side --field-manager=sluice \${FORCE_CONFLICTS:+--force-conflicts} "$@" --filename=-`;

function remove(namespace: string, name: string): string {
  const what = `--namespace=${quoted(namespace)} --ignore-not-found "$@" networkpolicies.networking.k8s.io ${quoted(name)} </dev/null`;
  return `${KUBECTL} delete ${what}`;
}

/** A word of the shell that is this text, whatever stands in it. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** No line of the text is the delimiter, or the rest of it would be commands. */
function delimiterFor(text: string): string {
  let delimiter = 'END_OF_OBJECT';
  const lines = new Set(text.split('\n'));
  while (lines.has(delimiter)) delimiter += '_';
  return delimiter;
}

/** One document each. */
function yamlOf(objects: readonly NetworkPolicy[]): string[] {
  const written = writeYaml(objects);
  const bytes = wholeYaml(written);
  const decoder = new TextDecoder();
  let start = 0;
  return written.lengths.map((length) => {
    const text = decoder.decode(bytes.subarray(start, start + length));
    start += length;
    return text;
  });
}
