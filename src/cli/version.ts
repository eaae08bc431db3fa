import { readFileSync } from 'node:fs';

/** The version of the package; src/cli and dist/cli lie equally deep in it. */
export function version(): string {
  const manifest = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(manifest) as { version: string }).version;
}
