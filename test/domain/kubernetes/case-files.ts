import { readdirSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';

/** The case files of a family under test/cases: their names, and what stands in them. Refuses keys that no case has. */
export function caseFiles<T extends object>(
  family: string,
  keys: readonly (keyof T & string)[],
): { name: string; content: T }[] {
  const folder = new URL(`../../cases/${family}/`, import.meta.url);
  return readdirSync(folder)
    .sort()
    .map((file) => {
      const content = parse(readFileSync(new URL(file, folder), 'utf8')) as T;
      const strange = Object.keys(content).filter((key) => !keys.some((known) => known === key));
      if (strange.length > 0) throw new Error(`${family}/${file} has keys that no case has: ${strange.join(', ')}`);
      return { name: file.replace(/\.yaml$/, ''), content };
    });
}
