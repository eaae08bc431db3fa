import type { Command, Io } from '../../command.js';
import { ageOf, FORMAT, print, QUIET, table } from '../../output.js';
import { currentIn } from '../../pull/bundle-folder.js';
import { type Pulled, readPulled } from '../../pull/version-folder.js';
import { ask, askJson, type Connection } from '../../server/ask.js';
import { environmentName, pathOf } from '../../server/environment-ref.js';
import { connectionOf, SERVER_HELP, TIMEOUT } from '../../server/settings.js';
import { namedWords, type Words } from '../../words.js';
import { OUTPUT } from './pull.js';

interface Bundle {
  readonly version: number;
  readonly digest: string;
  readonly publishedAt: string;
  readonly publishedBy: string;
}

interface Deployment {
  readonly cluster: string;
  readonly running: { readonly version: number; readonly since: string } | null;
  readonly behind: number | null;
  readonly lastReport: {
    readonly version: number;
    readonly result: string;
    readonly at: string;
    readonly message?: string;
  };
}

interface Status {
  readonly environment: string;
  readonly latest: Bundle | null;
  readonly deployments: readonly Deployment[];
  readonly pulled: Pulled | null;
}

export const statusCommand: Command = {
  kind: 'command',
  name: 'status',
  summary: 'Which version is the latest, who runs which one, and which one was pulled here',
  usage: '[<environment>] [options]',
  words: 'names',
  options: [OUTPUT, TIMEOUT, FORMAT, QUIET],
  help: `${SERVER_HELP}
Without an environment, all that the token may read. With one, also each cluster as it reported itself.`,
  exitCodes: 'Exit code: 0 it is told, 1 a cluster of the environment is behind or failed, 2 it cannot tell.',
  run: async (words, io) => {
    const [name] = namedWords(words, '[<environment>]');
    const connection = connectionOf(words, io);
    if (name === undefined) return allOf(words, io, connection);
    const status = await statusOf(words, connection, environmentName(name));
    print(words, io, status, () => textOf(status, io.now()));
    return status.deployments.some(({ behind, lastReport }) => behind !== 0 || lastReport.result !== 'applied') ? 1 : 0;
  },
};

async function allOf(words: Words, io: Io, connection: Connection): Promise<0> {
  const environments = await pagesOf<{ name: string }>(connection, '/v1/environments');
  const all: Status[] = [];
  for (const { name } of environments) all.push(await statusOf(words, connection, environmentName(name)));
  print(words, io, { environments: all }, () => {
    const rows = all.map(({ environment, latest, deployments, pulled }) => {
      const behind = deployments.filter((one) => one.behind !== 0).length;
      return [environment, versionOf(latest), versionOf(pulled), String(deployments.length), String(behind)];
    });
    return table(['ENVIRONMENT', 'LATEST', 'PULLED', 'CLUSTERS', 'BEHIND'], rows);
  });
  return 0;
}

async function statusOf(words: Words, connection: Connection, environment: string): Promise<Status> {
  const path = `${pathOf(environment)}/bundles/latest`;
  const { status, bytes } = await ask(connection, { path, answers: [404], headers: { accept: 'application/json' } });
  const latest = status === 404 ? null : (JSON.parse(new TextDecoder().decode(bytes)) as Bundle);
  const deployments = await pagesOf<Deployment>(connection, `${pathOf(environment)}/deployments`);
  const current = currentIn(words.values['output'] ?? environment);
  const pulled = (current === undefined ? undefined : readPulled(current)) ?? null;
  return { environment, latest: latest && lineOf(latest), deployments, pulled };
}

function lineOf({ version, digest, publishedAt, publishedBy }: Bundle): Bundle {
  return { version, digest, publishedAt, publishedBy };
}

/** Every page of a list. */
async function pagesOf<T>(connection: Connection, path: string): Promise<T[]> {
  const items: T[] = [];
  for (let token: string | undefined = ''; token !== undefined;) {
    const query: string = token === '' ? '' : `&pageToken=${encodeURIComponent(token)}`;
    const page = await askJson<{ items: T[]; nextPageToken?: string }>(connection, {
      path: `${path}?pageSize=100${query}`,
    });
    items.push(...page.items);
    token = page.nextPageToken;
  }
  return items;
}

function textOf({ environment, latest, deployments, pulled }: Status, now: Date): string {
  const published =
    latest === null
      ? 'nothing is published'
      : `version ${latest.version}, published ${ageOf(latest.publishedAt, now)} ago by ${latest.publishedBy}`;
  const here = pulled === null ? 'nothing' : `version ${pulled.version}, pulled ${ageOf(pulled.pulledAt, now)} ago`;
  const rows = deployments.map(({ cluster, running, behind, lastReport }) => [
    cluster,
    versionOf(running),
    running === null ? '-' : ageOf(running.since, now),
    String(behind ?? '-'),
    `${lastReport.result} ${lastReport.version}, ${ageOf(lastReport.at, now)} ago${lastReport.message === undefined ? '' : `: ${lastReport.message}`}`,
  ]);
  const board =
    rows.length === 0
      ? 'no cluster has reported\n'
      : table(['CLUSTER', 'RUNS', 'SINCE', 'BEHIND', 'LAST REPORT'], rows);
  return `${environment}: ${published}\npulled here: ${here}\n\n${board}`;
}

function versionOf(one: { readonly version: number } | null): string {
  return one === null ? '-' : String(one.version);
}
