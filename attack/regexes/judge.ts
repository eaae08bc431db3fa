import { check, type Parameters } from 'recheck';
import { ARGUED, type Argued } from './argued.js';
import type { Pattern } from './patterns.js';

/**
 * Measured in characters read, not in time: the same verdict on any machine, however busy. A text of 30,000 characters may be read a thousand times over,
 * which is fewer than what is quadratic does.
 */
const LIMITS: Parameters = {
  timeout: null,
  attackTimeout: null,
  incubationTimeout: null,
  seedingTimeout: null,
  maxAttackStringSize: 30_000,
  attackLimit: 30_000_000,
};

/** How a pattern is named where it is judged and argued: as it stands in the code. */
export function nameOf(pattern: Pattern): string {
  return pattern.kind === 'fixed' ? `/${pattern.source}/${pattern.flags}` : pattern.text;
}

/**
 * What is wrong with these patterns: those that can take more than time in proportion to a text, those that nobody can judge, and arguments for what is
 * not there any more. Each different one is judged once, by recheck's own JavaScript: slow, but it needs no other program.
 */
export async function objectionsTo(
  patterns: readonly Pattern[],
  argued: readonly Argued[] = ARGUED,
): Promise<string[]> {
  process.env['RECHECK_BACKEND'] = 'pure';
  const objections: string[] = [];
  for (const [name, pattern] of different(patterns, argued)) {
    const verdict = await verdictOn(pattern);
    if (verdict !== 'safe') objections.push(`${pattern.file}:${pattern.line} ${name}: ${verdict}`);
  }
  return objections;
}

/** Those to be judged, each once, by its name. */
export function different(patterns: readonly Pattern[], argued: readonly Argued[] = ARGUED): Map<string, Pattern> {
  const open = patterns.filter(
    (one) => !argued.some(({ pattern, file }) => pattern === nameOf(one) && file === one.file),
  );
  return new Map(open.map((pattern) => [nameOf(pattern), pattern]));
}

/** Arguments about patterns that are gone: an argument must not outlive its reason. */
export function idleArguments(patterns: readonly Pattern[], argued: readonly Argued[] = ARGUED): string[] {
  const standing = new Set(patterns.map((pattern) => `${pattern.file} ${nameOf(pattern)}`));
  return argued
    .filter(({ file, pattern }) => !standing.has(`${file} ${pattern}`))
    .map(({ file, pattern }) => `${pattern} is argued for, and does not stand in ${file}`);
}

async function verdictOn(pattern: Pattern): Promise<string> {
  if (pattern.kind === 'made')
    return 'it is put together where it runs: say in attack/regexes/argued.ts why that is safe';
  const found = await check(pattern.source, pattern.flags, LIMITS);
  if (found.status === 'safe') return 'safe';
  if (found.status === 'unknown') return `nobody can tell: ${found.error.kind}`;
  return `${found.complexity.summary}, as on ${found.attack.pattern}`;
}
