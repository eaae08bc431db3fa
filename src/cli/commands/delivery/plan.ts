import { SluiceError } from '../../../domain/errors.js';
import type { PlanStep } from '../../../domain/plan/step.js';
import type { Command } from '../../command.js';
import { painted, print, QUIET } from '../../output.js';
import { ask, askJson, type Connection } from '../../server/ask.js';
import { environmentName, pathOf, versionWord } from '../../server/environment-ref.js';
import { connectionOf, SERVER_HELP, TIMEOUT } from '../../server/settings.js';
import { namedWords } from '../../words.js';

export const planCommand: Command = {
  kind: 'command',
  name: 'plan',
  summary: 'The steps from one version to another, so that nothing is cut that both allow',
  usage: '<environment> [options]',
  words: 'names',
  options: [
    {
      name: 'from',
      kind: 'value',
      value: '<version>',
      summary: 'what is there; nothing (an empty cluster) by default',
    },
    { name: 'to', kind: 'value', value: '<version>', summary: 'what is to be there; latest by default' },
    {
      name: 'format',
      kind: 'value',
      choices: ['text', 'json', 'sh'],
      summary: 'text by default; sh is a script for kubectl',
    },
    TIMEOUT,
    QUIET,
  ],
  help: `${SERVER_HELP}
A version is a number, a tag, latest or draft. sluice apply plans from what a cluster really has.`,
  exitCodes: 'Exit code: 0 it is told, 2 it cannot tell.',
  run: async (words, io) => {
    const [name = ''] = namedWords(words, '<environment>');
    const environment = environmentName(name);
    const connection = connectionOf(words, io);
    const { from, to = 'latest', format } = words.values;
    const end = await versionWord(connection, { environment, version: to });
    const start = from === undefined ? '' : `?from=${await versionWord(connection, { environment, version: from })}`;
    const path = `${pathOf(environment)}/bundles/${end}/plan`;
    if (format === 'sh') io.out(await scriptAt(connection, `${path}.sh${start}`));
    else {
      const plan = await askJson<{ steps?: readonly PlanStep[] }>(connection, { path: `${path}.json${start}` });
      const { steps } = plan;
      if (!Array.isArray(steps)) throw new SluiceError('malformed', 'what the server says is no plan');
      print(words, io, plan, () => painted(stepsText(steps as readonly PlanStep[]), io));
    }
    return 0;
  },
};

async function scriptAt(connection: Connection, path: string): Promise<string> {
  return new TextDecoder().decode((await ask(connection, { path })).bytes);
}

export function stepsText(steps: readonly PlanStep[]): string {
  if (steps.length === 0) return 'Nothing differs, so there is nothing to do.\n';
  return steps.map((step) => `${stepText(step, steps.length)}\n`).join('');
}

/** @example stepText(step, 5) // '1/5 create shop/allow-web-ingress: ingress of shop/web had no object ...' */
export function stepText({ number, action, namespace, name, why }: PlanStep, count: number): string {
  return `${number}/${count} ${action} ${namespace}/${name}: ${why}`;
}
