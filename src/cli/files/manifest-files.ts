import { readFileSync } from 'node:fs';
import { SluiceError } from '../../domain/errors.js';
import type { ManifestSource } from '../../domain/analysis/analyze.js';
import type { ManifestFile } from '../../domain/kubernetes/manifest-objects.js';
import type { Io } from '../command.js';
import { filesAt, type Found } from './manifest-paths.js';

/** The word for standard input. */
export const STDIN = '-';

/**
 * Reads the manifests at these paths; `-` is standard input, and a file that is named twice is read once. Refuses paths where
 * there is nothing to read, naming all of them.
 */
export async function manifestsAt(paths: readonly string[], io: Io): Promise<ManifestSource> {
  if (paths.length === 0)
    throw new SluiceError('malformed', 'name files or folders with manifests, or - for standard input');
  const names = paths.map((path): Found => (path === STDIN ? { files: [STDIN] } : attempt(path, () => filesAt(path))));
  const files: ManifestFile[] = [];
  const problems = names.flatMap((found) => ('problem' in found ? [found.problem] : []));
  for (const name of new Set(names.flatMap((found) => ('files' in found ? found.files : [])))) {
    if (name === STDIN) files.push({ name: 'standard input', text: await io.stdin() });
    else {
      const found = attempt(name, () => ({ files: [readFileSync(name, 'utf8')] }));
      if ('problem' in found) problems.push(found.problem);
      else files.push({ name, text: found.files[0] ?? '' });
    }
  }
  refuse(problems);
  return { kind: 'files', files };
}

function attempt(path: string, read: () => Found): Found {
  try {
    return read();
  } catch (error) {
    return { problem: `${path} cannot be read (${(error as NodeJS.ErrnoException).code ?? String(error)})` };
  }
}

function refuse(problems: readonly string[]): void {
  const [first, second] = problems;
  if (first === undefined) return;
  const details = problems.map((detail) => ({ pointer: '#', code: 'unreadable', detail }));
  throw new SluiceError('malformed', first, second === undefined ? [] : details);
}
