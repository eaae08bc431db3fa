import { type ClusterOrder, type ClusterPlan, missingFrom, planCluster } from '../../../domain/cluster/cluster-plan.js';
import { SluiceError } from '../../../domain/errors.js';
import { dnsSubdomain } from '../../../domain/model/names.js';
import type { Command, ExitCode, Io } from '../../command.js';
import { allObjects, type Kubectl, KUBECTL_OPTIONS, kubectlOf } from '../../kubectl/kubectl.js';
import { runSteps } from '../../kubectl/run-steps.js';
import { FORMAT, note, print, QUIET } from '../../output.js';
import { connectionOf, KEY, SERVER_HELP, TIMEOUT } from '../../server/settings.js';
import { namedWords, type Words } from '../../words.js';
import { type ToApply, toApply } from './apply-source.js';
import { stepsText, stepText } from './plan.js';
import { ALLOW_OLDER, OUTPUT } from './pull.js';
import { reportDeployment } from './report-deployment.js';

export const applyCommand: Command = {
  kind: 'command',
  name: 'apply',
  summary: 'Bring a verified version into a cluster with kubectl, in steps that cut nothing',
  usage: '<folder or environment[@version]> [options]',
  words: 'files',
  options: [
    { name: 'prune', kind: 'flag', summary: 'delete own objects that the version does not have' },
    { name: 'dry-run', kind: 'flag', summary: 'print the steps, and do nothing' },
    { name: 'yes', kind: 'flag', summary: 'do not ask; needed where nobody sits at a terminal' },
    { name: 'force-conflicts', kind: 'flag', summary: 'take over objects and fields that others have applied' },
    {
      name: 'previous',
      kind: 'value',
      value: '<folder>',
      summary: 'a version that was applied before by other means: its objects are own ones, too',
    },
    { name: 'cluster', kind: 'value', value: '<name>', summary: 'report the result to the server under this name' },
    ...KUBECTL_OPTIONS,
    ...[OUTPUT, KEY, ALLOW_OLDER, TIMEOUT, FORMAT, QUIET],
  ],
  help: `A folder is what sluice pull made; an environment is pulled first.
${SERVER_HELP}
The version is verified, the cluster is asked what it has, and the way from there to the version is planned, so also from where a run
ended early. Steps are done one at a time by server-side apply as field manager sluice; the first that fails is the last.
Own objects carry the labels of the environment and were applied by the field manager sluice, or stand in a version that was pulled into
the folder before. No other object is ever deleted, and none is overwritten without --force-conflicts.`,
  exitCodes: `Exit code: 0 the cluster has the version; 1 refused for what was found (not verified, objects of others in the way), and with
--dry-run: there are steps to do; 2 it cannot tell, or a step failed: which one is said.`,
  run: apply,
};

async function apply(words: Words, io: Io): Promise<ExitCode> {
  const [target = ''] = namedWords(words, '<folder or environment[@version]>');
  holdCluster(words, io);
  const found = await toApply(words, io, target);
  if (found.kind === 'refused') return found.code;
  const kubectl = kubectlOf(words, io);
  const order = orderOf(words, found, await allObjects(kubectl));
  const plan = planCluster(order);
  tellAside(words, io, plan);
  if (plan.foreign.length > 0) return refuseForeign(words, io, found, plan);
  if (words.flags.has('dry-run')) return printPlan(words, io, found, plan);
  await agree(words, io, found, plan);
  return carryOut({ words, io, found, kubectl, order, plan });
}

function orderOf({ flags }: Words, { verified, inventory }: ToApply, live: ClusterOrder['live']): ClusterOrder {
  return {
    environment: verified.manifest.environment,
    wanted: verified.policies,
    ...{ live, inventory },
    surplus: flags.has('prune') ? 'pruned' : 'kept',
    foreign: flags.has('force-conflicts') ? 'taken' : 'refused',
  };
}

interface Work {
  readonly words: Words;
  readonly io: Io;
  readonly found: ToApply;
  readonly kubectl: Kubectl;
  readonly order: ClusterOrder;
  readonly plan: ClusterPlan;
}

async function carryOut({ words, io, found, kubectl, order, plan }: Work): Promise<ExitCode> {
  const { steps } = plan;
  const isText = words.values['format'] !== 'json';
  const say = (line: string) => (isText ? io.out(`${line}\n`) : undefined);
  const ran = await runSteps({ kubectl, order, steps, say: (step) => say(stepText(step, steps.length)) });
  const why =
    ran.kind === 'failed' ? `step ${ran.step.number} of ${steps.length}: ${ran.why}` : await checkAfter(kubectl, order);
  const outcome = why !== undefined ? 'failed' : steps.length === 0 ? 'unchanged' : 'applied';
  const done = ran.kind === 'failed' ? ran.done : steps.length;
  const { environment, version } = found.verified.manifest;
  print(words, io, resultOf(found, plan, { outcome, done, ...(why === undefined ? {} : { why }) }), () => {
    if (why !== undefined) return '';
    return steps.length === 0
      ? `The cluster has ${environment} version ${version}.\n`
      : `Done: the cluster has ${environment} version ${version}.\n`;
  });
  if (why !== undefined)
    io.err(
      `sluice apply: ${why}\nsluice apply: ${done} of ${steps.length} steps are done; nothing is cut, and another run goes on from there\n`,
    );
  const reported = await reportDeployment(words, io, found.verified.manifest, why);
  return why === undefined && reported ? 0 : 2;
}

/** That all calls succeeded is not that it is there: the cluster is asked again. */
async function checkAfter(kubectl: Kubectl, order: ClusterOrder): Promise<string | undefined> {
  try {
    const missing = missingFrom(await allObjects(kubectl), order.wanted);
    return missing.length === 0 ? undefined : `the cluster does not have as they should be: ${missing.join(', ')}`;
  } catch (error) {
    if (error instanceof SluiceError) return `all steps are done, but the cluster cannot be asked: ${error.message}`;
    throw error;
  }
}

/** Refuses (malformed) where nobody says yes. */
async function agree(words: Words, io: Io, { verified }: ToApply, { steps }: ClusterPlan): Promise<void> {
  if (steps.length === 0 || words.flags.has('yes')) return;
  const { environment, version } = verified.manifest;
  if (!io.terminal.has('in'))
    throw new SluiceError(
      'malformed',
      `there are ${steps.length} steps to do, and nobody to ask: say --yes, or --dry-run`,
    );
  io.err(stepsText(steps));
  const where = words.values['context'] === undefined ? 'the current context' : `context ${words.values['context']}`;
  const answer = await io.ask(`Apply ${environment} version ${version} to ${where}? [y/N] `, 'shown');
  if (!/^y(es)?$/i.test(answer.trim())) throw new SluiceError('malformed', 'nothing was done');
}

function printPlan(words: Words, io: Io, found: ToApply, plan: ClusterPlan): ExitCode {
  print(words, io, resultOf(found, plan, { outcome: 'planned', done: 0 }), () => stepsText(plan.steps));
  return plan.steps.length === 0 ? 0 : 1;
}

function refuseForeign(words: Words, io: Io, found: ToApply, plan: ClusterPlan): ExitCode {
  print(words, io, resultOf(found, plan, { outcome: 'refused', done: 0 }), () => '');
  for (const name of plan.foreign)
    io.err(`sluice apply: ${name} is there and is not of this environment's version by any sign\n`);
  io.err(
    'sluice apply: nothing was done; --force-conflicts takes them over, --previous <folder> names a version that had them\n',
  );
  return 1;
}

function tellAside(words: Words, io: Io, { doubtful, kept }: ClusterPlan): void {
  if (kept.length > 0) note(words, io, `not in this version, and kept without --prune: ${kept.join(', ')}`);
  if (doubtful.length > 0)
    note(
      words,
      io,
      `carry the labels of this environment, but were not applied by sluice, and are left alone: ${doubtful.join(', ')}`,
    );
}

function resultOf({ verified }: ToApply, plan: ClusterPlan, result: object): object {
  const { environment, version, digest, contentDigest } = verified.manifest;
  const steps = plan.steps.map(({ object: _, ...step }) => step);
  const { foreign, doubtful, kept } = plan;
  return { ...result, environment, version, digest, contentDigest, steps, foreign, doubtful, kept };
}

/** Before anything is done: who wants a report gets one, so there is a server and a token to send it with. */
function holdCluster(words: Words, io: Io): void {
  const { cluster } = words.values;
  if (cluster === undefined) return;
  const violation = dnsSubdomain(cluster);
  if (violation !== undefined) throw new SluiceError('malformed', `--cluster: ${violation.detail}`);
  connectionOf(words, io);
}
