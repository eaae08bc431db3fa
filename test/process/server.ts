import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The real process, as `npm start` runs it. */
export interface Server {
  readonly url: string;
  /** All that it printed on standard output until it was ready. */
  readonly banner: string;
  readonly child: ChildProcess;
  /** All of both outputs. */
  output(): string;
  /** Ends it and gives its exit code, or the signal that killed it. */
  end(signal: NodeJS.Signals): Promise<number | string>;
}

const running = new Set<ChildProcess>();

/** Starts a server and waits for its banner. */
export async function startServer(env: Record<string, string>): Promise<Server> {
  return bannerOf(launch({ PORT: String(await freePort()), ...env }));
}

/** Waits for the banner of one that was just launched; refuses, with all that it printed, where it ends before. */
export async function bannerOf({ child, output, ended }: ReturnType<typeof launch>): Promise<Server> {
  const banner = await new Promise<string>((resolve, reject) => {
    void ended.then((code) => reject(new Error(`the server ended (${code}) before it was ready:\n${output()}`)));
    let text = '';
    child.stdout.on('data', (chunk) => {
      text += String(chunk);
      // the banner is written at once, and ends with an empty line
      if (/Sluice is ready[^]*\n\n$/.test(text)) resolve(text);
    });
  });
  const url = /ready at (\S+)/.exec(banner)?.[1] ?? '';
  const end = (signal: NodeJS.Signals) => {
    child.kill(signal);
    return ended;
  };
  return { url, banner, child, output, end };
}

/** Runs a server that is expected to end by itself; gives its exit code and what it printed. */
export async function runToEnd(env: Record<string, string>): Promise<{ code: number | string; output: string }> {
  const { output, ended } = launch(env);
  return { code: await ended, output: output() };
}

/** A server that is not waited for. */
export function launch(env: Record<string, string>) {
  const inherited = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(SLUICE_|DATABASE_URL$|PORT$|HOST$|VITEST|NODE_ENV$)/.test(name)),
  );
  const child = spawn(process.execPath, ['tools/start.mjs'], {
    env: { ...inherited, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (text += String(chunk)));
  const ended = once(child, 'close').then(([code, signal]): number | string => {
    running.delete(child);
    return (code as number | null) ?? String(signal);
  });
  return { child, ended, output: () => text };
}

/** Ends what a failed test left running. */
export async function endAll(): Promise<void> {
  for (const child of running) {
    child.kill('SIGTERM');
    await once(child, 'close');
  }
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** A data folder of a test's own, which the user that runs PostgreSQL may enter too, with a name that a shell would trip over. */
export function dataFolder(): { path: string; token(): string; remove(): void } {
  const root = mkdtempSync(join(tmpdir(), 'sluice-process-'));
  chmodSync(root, 0o755);
  const path = join(root, "it's data");
  return {
    path,
    token: () => readFileSync(join(path, 'admin-token'), 'utf8').trim(),
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}

/** A request as the bearer of `token`. */
export async function ask(
  server: Pick<Server, 'url'>,
  token: string,
  path: string,
  init: { method?: string; body?: unknown; headers?: Record<string, string> } = {},
): Promise<{ status: number; body: any }> {
  const { method = init.body === undefined ? 'GET' : 'POST', body } = init;
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...init.headers };
  const answer = await fetch(server.url + path, {
    method,
    headers,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  return { status: answer.status, body: text.startsWith('{') ? JSON.parse(text) : text };
}
