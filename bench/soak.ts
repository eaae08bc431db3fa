import { call, withEstateServer } from './estate-server.js';
import { figuresOf, printTable } from './report.js';
import { slowConnections, slowReaders } from './soak/slow.js';
import { underLoad } from './soak/under-load.js';

/** Its YAML is some 200 kB. */
const ESTATE = { services: 110, flows: 260 };

/**
 * `npm run soak -- [--minutes N] [--only load|slow|readers] [--samples file]`: a server at half of what it can do, for ten minutes or as long as is said, and what its memory does meanwhile; then
 * thousands of clients that are slow, stop halfway or do not read. What stands in for a lost database is kept for a fifth of the time, and not for a quarter of an hour: it only fills until then,
 * and what is looked for is what never stops. Everything on 127.0.0.1, from processes of their own. Ends with 1 where a figure is missed.
 */
export async function main(words: string[] = []): Promise<void> {
  const minutes = minutesOf(words);
  const wanted = partsOf(words);
  const samplesFile = wordAfter(words, '--samples');
  if (samplesFile === '') throw new Error('--samples: the file that samples are added to');
  const settings = { SLUICE_GRACE_MINUTES: String(Math.max(1, Math.min(15, Math.floor(minutes / 5)))) };
  await withEstateServer({ ...ESTATE, entry: 'measured', settings }, async (running) => {
    const { rows } = await running.database.query<{ name: string }>(
      'SELECT name FROM flow WHERE to_tier IS NOT NULL AND from_tier IS NOT NULL ORDER BY name LIMIT 50',
    );
    const flows = rows.map(({ name }) => name);
    await call(running.server, 'POST', '/v1/environments/prod/bundles', {});
    const parts: Record<Part, () => Promise<unknown>> = {
      load: () => underLoad(running, { minutes, samplesFile }, flows),
      slow: () => slowConnections(running, flows),
      readers: () => slowReaders(running),
    };
    for (const part of wanted) {
      console.log(TITLES[part]);
      await parts[part]();
    }
  });
  const figures = figuresOf();
  printTable(figures.map((figure) => ({ bench: 'soak', ...figure })));
  if (figures.some(({ met }) => met === 'NOT')) process.exitCode = 1;
}

const TITLES = {
  load: 'half of what the server can do',
  slow: 'slow and half-sent requests',
  readers: 'clients that do not read',
} as const;
type Part = keyof typeof TITLES;

function partsOf(words: readonly string[]): readonly Part[] {
  const parts = Object.keys(TITLES) as Part[];
  const named = wordAfter(words, '--only');
  const only = named === undefined ? parts : parts.filter((part) => part === named);
  if (only.length > 0) return only;
  throw new Error(`--only: one of ${parts.join(', ')}`);
}

function minutesOf(words: readonly string[]): number {
  const minutes = Number(wordAfter(words, '--minutes') ?? 10);
  if (minutes >= 0.5 && minutes <= 24 * 60) return minutes;
  throw new Error('--minutes: a number from 0.5 to 1440');
}

function wordAfter(words: readonly string[], option: string): string | undefined {
  const at = words.indexOf(option);
  return at < 0 ? undefined : (words[at + 1] ?? '');
}
