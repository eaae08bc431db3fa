import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, expect, it } from 'vitest';

/** A slice of what `npm run faults` does for longer, and so gentle that other tests have room beside it. */
const MINUTES = 2;
/** Far more than it takes: many may share the machine. */
const ENDS_WITHIN_MS = 600_000;

let kill: (() => void) | undefined;
afterAll(() => kill?.());

it(
  'what breaks under traffic takes nothing that was acknowledged, and shows nothing that is not so',
  async () => {
    const words = ['tools/run.mjs', 'faults/run', '--gentle', '--minutes', String(MINUTES), '--seed', '1'];
    const child = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'pipe'] });
    kill = () => void child.kill('SIGTERM');
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += String(chunk)));
    const [code] = await once(child, 'close');
    kill = undefined;
    expect(code, output).toBe(0);
    const counter = (name: string): number => Number(new RegExp(`^ *${name} +(\\d+)`, 'm').exec(output)?.[1]);
    expect(counter('acknowledged publishes'), output).toBeGreaterThan(0);
    expect(counter('database kills'), output).toBeGreaterThan(0);
    expect(counter('server kills'), output).toBeGreaterThan(0);
    expect(counter('rolling restarts'), output).toBeGreaterThan(1);
  },
  ENDS_WITHIN_MS,
);
