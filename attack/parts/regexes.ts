import type { Outcome, Part } from '../part.js';
import { different, idleArguments, objectionsTo } from '../regexes/judge.js';
import { patternsOf } from '../regexes/patterns.js';

export const regexes: Part = {
  name: 'regexes',
  about: 'every regular expression of src/, judged by recheck',
  run,
};

async function run(): Promise<Outcome> {
  const patterns = patternsOf('src');
  const failures = [...(await objectionsTo(patterns)), ...idleArguments(patterns)];
  return { tried: different(patterns).size, failures };
}
