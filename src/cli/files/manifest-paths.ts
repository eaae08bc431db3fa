import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { compareText } from '../../domain/errors.js';

const MANIFEST = /\.(yaml|yml|json)$/i;
/** Folders full of YAML and JSON that is nobody's manifest. */
const NEVER = /^(\.|node_modules$)/;

/** The files that a path means, or why it means none. */
export type Found = { readonly files: readonly string[] } | { readonly problem: string };

/**
 * A file as it is, whatever it is called; of a folder all *.yaml, *.yml and *.json below it, by name. Folders and files that
 * begin with a dot, node_modules, and folders that are links are left out.
 * @example filesAt('deploy') // { files: ['deploy/db.yaml', 'deploy/web/web.yaml'] }
 */
export function filesAt(path: string): Found {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return { problem: `${path} does not exist` };
  if (!stats.isDirectory()) return { files: [path] };
  const files = filesBelow(path).sort(compareText);
  return files.length === 0 ? { problem: `${path} has no *.yaml, *.yml or *.json in it` } : { files };
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (NEVER.test(entry.name)) return [];
    if (entry.isDirectory()) return filesBelow(path);
    const isFile = entry.isFile() || (entry.isSymbolicLink() && statSync(path, { throwIfNoEntry: false })?.isFile());
    return isFile === true && MANIFEST.test(entry.name) ? [path] : [];
  });
}
