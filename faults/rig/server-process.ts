import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, type WriteStream } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { hasEnded } from '../../src/store/embedded/postmaster.process.js';

const LAST_SAID = 2_000;
const START_TRIES = 100;
const BETWEEN_TRIES_MS = 200;
/** Long: many may share the machine. */
const READY_WITHIN_MS = 240_000;

/** What a server is told of its surroundings; the same for every start. */
export interface ServerSettings {
  readonly name: string;
  readonly port: number;
  readonly logFile: string;
  readonly env: Readonly<Record<string, string>>;
  /** Modules that are loaded before the server, which is then that of dist/: they change its modules, one by one. */
  readonly imports: readonly string[];
}

/** How one start differs from the others. */
export interface Variant {
  /** How far the clock of the process is off. */
  readonly clockMs?: number;
  /** Another build, in place of the present one. */
  readonly main?: string;
}

const MAIN = fileURLToPath(new URL('../../../bundle/main.js', import.meta.url));
const IN_MODULES = fileURLToPath(new URL('../../main.js', import.meta.url));
const CLOCK = new URL('../clock/shift.js', import.meta.url).href;

/** One place for a server process, on a port that stays the same. Whoever ends without being told to is a violation. */
export class ServerProcess {
  private child: ChildProcess | undefined;
  private ready: ChildProcess | undefined;
  /** The end of what the last one said: its folder goes when a run fails. */
  private lastSaid = '';
  private readonly log: WriteStream;
  /** Told to end, so that its end is no news. */
  private readonly told = new WeakSet<ChildProcess>();

  constructor(
    readonly settings: ServerSettings,
    private readonly onUnexpectedEnd: (text: string) => void,
  ) {
    this.log = createWriteStream(settings.logFile, { flags: 'a' });
  }

  get port(): number {
    return this.settings.port;
  }

  get alive(): boolean {
    return this.child !== undefined && !hasEnded(this.child);
  }

  /** The process that takes requests now, if there is one. */
  get serving(): number | undefined {
    return this.ready !== undefined && !hasEnded(this.ready) && !this.told.has(this.ready) ? this.ready.pid : undefined;
  }

  /** Gives itself once the server takes requests. Where it gives up because the database is away, it is started again: that is what its keeper would do. */
  async start(variant: Variant = {}): Promise<void> {
    for (let tries = 1; ; tries++) {
      const child = this.launch(variant);
      if (await becomesReady(child)) {
        child.once('exit', (code, signal) => this.hear(child, code, signal));
        this.ready = child;
        if (!hasEnded(child) || this.told.has(child)) return;
      }
      if (this.told.has(child)) return;
      if (tries === START_TRIES) throw new Error(`${this.settings.name} does not start:\n${this.lastSaid}`);
      await wait(BETWEEN_TRIES_MS);
    }
  }

  /** Ends it, and gives its exit code or the signal that ended it. */
  async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<number | string> {
    const { child } = this;
    if (child === undefined || hasEnded(child)) return 'gone already';
    this.told.add(child);
    const ended = once(child, 'exit') as Promise<[number | null, string | null]>;
    child.kill(signal);
    const [code, by] = await ended;
    return code ?? String(by);
  }

  private launch({ clockMs, main }: Variant): ChildProcess {
    const { env, port, imports, name } = this.settings;
    const entry = main ?? (imports.length > 0 ? IN_MODULES : MAIN);
    const before = [...imports, ...(clockMs === undefined ? [] : [CLOCK])].flatMap((module) => ['--import', module]);
    const clock = clockMs === undefined ? {} : { SLUICE_FAULTS_CLOCK_MS: String(clockMs) };
    const child = spawn(process.execPath, [...before, entry], {
      env: { PATH: process.env['PATH'] ?? '', ...env, ...clock, HOST: '127.0.0.1', PORT: String(port) },
      cwd: dirname(this.settings.logFile),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.log.write(`--- ${name} is process ${child.pid}\n`);
    this.lastSaid = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => {
        this.log.write(chunk);
        this.lastSaid = (this.lastSaid + String(chunk)).slice(-LAST_SAID);
      });
    this.child = child;
    return child;
  }

  private hear(child: ChildProcess, code: number | null, signal: string | null): void {
    if (!this.told.has(child))
      this.onUnexpectedEnd(
        `${this.settings.name} (process ${child.pid}) ended by itself: ${signal ?? `exit code ${code}`}`,
      );
  }
}

/** True when it says that it is ready, false when it ended before. */
function becomesReady(child: ChildProcess): Promise<boolean> {
  return new Promise((resolve) => {
    const late = setTimeout(() => child.kill('SIGKILL'), READY_WITHIN_MS);
    const settle = (ready: boolean): void => {
      clearTimeout(late);
      resolve(ready);
    };
    child.once('exit', () => settle(false));
    child.stdout?.on('data', (chunk: Buffer) => chunk.includes('is ready') && settle(true));
  });
}
