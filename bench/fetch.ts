import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { get, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { fileURLToPath } from 'node:url';
import { call, metrics, withEstateServer } from './estate-server.js';
import { startRaw } from './raw-server.js';
import { limitLine, median, ratioLine } from './report.js';
import type { Server } from './server.js';

const ROUNDS = 7;
const SECONDS = 2;
/** Pollers are many. */
const CONNECTIONS = 64;
const BUNDLES = '/v1/environments/prod/bundles';
const [ONE, LATEST] = [`${BUNDLES}/1/manifests.tar.gz`, `${BUNDLES}/latest/manifests.tar.gz`];

/**
 * `npm run bench -- fetch [services flows]`: what a fetch of a version costs that is in memory, with a token, beside node:http that gives the same bytes
 * with the same headers. CPU time is that of the server that is asked, and of nothing else; who asks is a process of its own.
 */
export async function main([services = '800', flows = '4900']: string[]): Promise<void> {
  await withEstateServer({ services: Number(services), flows: Number(flows) }, async ({ server }) => {
    await call(server, 'POST', BUNDLES, {});
    const children: ChildProcess[] = [];
    try {
      const raw = new URL(await startRaw(children));
      const fetched = await compare(server, raw, ONE, {});
      report(`archive of ${kilobytes(fetched)}, by version`, fetched, 0.85);
      const unchanged = await compare(server, raw, ONE, { 'if-none-match': fetched.etag });
      report('unchanged (304), by version', unchanged, undefined);
      console.log(limitLine('  CPU / CPU of node:http', unchanged.own.cpu / unchanged.bare.cpu, 'x', 1.7));
      const latest = await compare(server, raw, LATEST, { 'if-none-match': fetched.etag });
      report('unchanged (304), by latest', latest, undefined);
    } finally {
      for (const child of children) child.kill('SIGTERM');
      await Promise.all(children.map((child) => once(child, 'exit')));
    }
  });
}

/** What a server did when it was asked: requests a second, and microseconds of CPU for each. */
interface Figures {
  readonly perSecond: number;
  readonly cpu: number;
}

/** Both servers, asked for the same. */
interface Compared {
  readonly own: Figures;
  readonly bare: Figures;
  readonly etag: string;
  readonly bytes: number;
}

/** One server that is asked, and how to have the CPU time that it has used, in seconds. */
interface Asked {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly cpu: () => Promise<number>;
}

async function compare(
  server: Server,
  raw: URL,
  path: string,
  condition: Readonly<Record<string, string>>,
): Promise<Compared> {
  const url = new URL(path, server.url);
  const token = { authorization: `Bearer ${server.token}` };
  const given = await fetchBytes(url, token);
  await mirror(raw, given);
  const headers = { ...token, ...condition };
  const [own, bare] = await rounds(
    { url, headers, cpu: () => cpuOf(server) },
    { url: raw, headers, cpu: () => cpuOfRaw(raw) },
  );
  return { own, bare, etag: given.headers.etag ?? '', bytes: given.body.length };
}

/** In turn, so that whatever else the machine does hits both; the medians. The first round is for the compilers, of both. */
async function rounds(...asked: [Asked, Asked]): Promise<[Figures, Figures]> {
  const figures: [Figures[], Figures[]] = [[], []];
  for (let round = 0; round <= ROUNDS; round++)
    for (const index of [0, 1] as const) figures[index].push(await measure(asked[index]));
  return [medianOf(figures[0].slice(1)), medianOf(figures[1].slice(1))];
}

async function measure({ url, headers, cpu }: Asked): Promise<Figures> {
  const before = await cpu();
  const { answered, seconds } = await askAgain(url, headers);
  return { perSecond: answered / seconds, cpu: (((await cpu()) - before) * 1e6) / answered };
}

function medianOf(figures: readonly Figures[]): Figures {
  return { perSecond: median(figures.map(({ perSecond }) => perSecond)), cpu: median(figures.map(({ cpu }) => cpu)) };
}

async function askAgain(url: URL, headers: Asked['headers']): Promise<{ answered: number; seconds: number }> {
  const file = fileURLToPath(new URL('./same-again.js', import.meta.url));
  const child = spawn(process.execPath, [file, url.port, String(CONNECTIONS), String(SECONDS)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = Object.entries({ host: url.host, ...headers }).map(([name, value]) => `${name}: ${value}\r\n`);
  child.stdin.end(`GET ${url.pathname} HTTP/1.1\r\n${lines.join('')}\r\n`);
  return JSON.parse(Buffer.concat(await child.stdout.toArray()).toString()) as { answered: number; seconds: number };
}

interface Given {
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** As it is on the wire: fetch would unpack what is coded. */
async function fetchBytes(url: URL, headers: Asked['headers']): Promise<Given> {
  const [reply] = (await once(get(url, { headers }), 'response')) as [IncomingMessage];
  return { headers: reply.headers, body: Buffer.concat(await reply.toArray()) };
}

/** Lets the baseline answer as the server does; what node:http says itself, both say. */
async function mirror(raw: URL, { headers, body }: Given): Promise<void> {
  const { date: _, connection: __, 'keep-alive': ___, ...answer } = headers;
  await fetch(raw, { method: 'PUT', body: Uint8Array.from(body), headers: { answer: JSON.stringify(answer) } });
}

async function cpuOf(server: Server): Promise<number> {
  return (await metrics(server))['process_cpu_seconds_total'] ?? NaN;
}

async function cpuOfRaw(raw: URL): Promise<number> {
  return Number(await (await fetch(new URL('/cpu', raw))).text());
}

function report(name: string, { own, bare }: Compared, least: number | undefined): void {
  console.log(ratioLine(name, own.perSecond, 'node:http', bare.perSecond, least));
  const ratio = (own.cpu / bare.cpu).toFixed(2);
  console.log(`  CPU a request: ${own.cpu.toFixed(1)} us, node:http ${bare.cpu.toFixed(1)} us: ${ratio} times`);
}

function kilobytes({ bytes }: Compared): string {
  return `${Math.round(bytes / 1000)} kB`;
}
