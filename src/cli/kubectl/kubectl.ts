import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { FIELD_MANAGER } from '../../domain/cluster/cluster-plan.js';
import { type LiveObject, readLive } from '../../domain/cluster/live-objects.js';
import { SluiceError } from '../../domain/errors.js';
import type { NetworkPolicy } from '../../domain/kubernetes/network-policy.js';
import type { Io } from '../command.js';
import type { Option } from '../option.js';
import type { Words } from '../words.js';

const CLUSTER = 'The cluster';
export const KUBECTL_OPTIONS: readonly Option[] = [
  { name: 'kubectl', kind: 'value', value: '<path>', summary: 'the program; kubectl by default', group: CLUSTER },
  { name: 'kubeconfig', kind: 'value', value: '<file>', summary: 'given to kubectl', group: CLUSTER },
  { name: 'context', kind: 'value', value: '<name>', summary: 'given to kubectl', group: CLUSTER },
];

/** The kubectl that reaches a cluster. */
export interface Kubectl {
  readonly program: string;
  /** Said at every call. */
  readonly which: readonly string[];
  readonly env: Io['env'];
}

const RESOURCE = 'networkpolicies.networking.k8s.io';
const AS_JSON = ['--output=json', '--show-managed-fields'];

export function kubectlOf({ values }: Words, { env }: Pick<Io, 'env'>): Kubectl {
  const which = ['kubeconfig', 'context'].flatMap((name) =>
    values[name] === undefined ? [] : [`--${name}=${values[name]}`],
  );
  return { program: values['kubectl'] ?? 'kubectl', which, env };
}

/** Every NetworkPolicy of the cluster: those of others count where they stand under a name that is wanted. */
export async function allObjects(kubectl: Kubectl): Promise<LiveObject[]> {
  return readLive(await run(kubectl, ['get', RESOURCE, '--all-namespaces', ...AS_JSON]));
}

/** One object as it is now; nothing where it is gone. */
export async function oneObject(kubectl: Kubectl, namespace: string, name: string): Promise<LiveObject | undefined> {
  const which = [RESOURCE, name, `--namespace=${namespace}`, '--ignore-not-found'];
  const text = await run(kubectl, ['get', ...which, ...AS_JSON]);
  return text.trim() === '' ? undefined : readLive(text)[0];
}

/** By server-side apply: where another manager holds a field with another value, the server refuses, unless conflicts are forced. */
export async function applyObject(
  kubectl: Kubectl,
  object: NetworkPolicy,
  conflicts: 'refused' | 'forced',
): Promise<void> {
  const force = conflicts === 'forced' ? ['--force-conflicts'] : [];
  const words = ['apply', '--server-side', `--field-manager=${FIELD_MANAGER}`, ...force, '--filename=-'];
  await run(kubectl, words, JSON.stringify(object));
}

/** This object in this state: the server refuses where another one stands under its name by then, or someone has changed it. */
export async function deleteObject(kubectl: Kubectl, { policy, uid, resourceVersion }: LiveObject): Promise<void> {
  const { namespace, name } = policy.metadata;
  const path = `/apis/networking.k8s.io/v1/namespaces/${namespace}/networkpolicies/${name}`;
  const options = { apiVersion: 'v1', kind: 'DeleteOptions', preconditions: { uid, resourceVersion } };
  await run(kubectl, ['delete', `--raw=${path}`, '--filename=-'], JSON.stringify(options));
}

/** What it prints. Refuses (unavailable) a call that fails, with the words of kubectl. */
async function run({ program, which, env }: Kubectl, words: readonly string[], input = ''): Promise<string> {
  const child = spawn(program, [...words, ...which], { env: { ...env }, stdio: 'pipe' });
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
  child.stdin.on('error', () => undefined); // it may end before it has read all; its exit code says so
  child.stdin.end(input);
  const [status] = await ended(child, program);
  if (status === 0) return Buffer.concat(out).toString('utf8');
  const said = wordsFor(Buffer.concat(err).toString('utf8')) || `exit code ${String(status)}`;
  throw new SluiceError('unavailable', `kubectl ${words[0] ?? ''}: ${said}`);
}

/** Without the lines of its log, which say what is said after them again and again. https://github.com/kubernetes/klog */
function wordsFor(said: string): string {
  const lines = said.split('\n').filter((line) => !/^[IWEF]\d{4} /.test(line));
  return lines.join('\n').trim() || said.trim();
}

async function ended(child: ReturnType<typeof spawn>, program: string): Promise<unknown[]> {
  try {
    return await once(child, 'close');
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? (error as Error).message;
    throw new SluiceError('unavailable', `${program} cannot be run (${reason}): --kubectl <path> names it`, [], {
      cause: error,
    });
  }
}
