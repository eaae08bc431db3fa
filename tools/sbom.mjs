// `npm run sbom [-- --omit=optional]`: what the server is made of, as CycloneDX JSON in sbom.cdx.json; without optional packages for an image that leaves
// them out. `npm sbom --omit dev` alone leaves out every package that a development package needs, too: those that both need would be missing. So npm is
// given a lockfile that has the packages of the server and no others.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const repository = fileURLToPath(new URL('..', import.meta.url));

/** Writes sbom.cdx.json into `folder`. */
export function writeSbom(folder, { omit = [] } = {}) {
  const work = mkdtempSync(join(tmpdir(), 'sluice-sbom-'));
  try {
    const project = join(work, 'sluice'); // npm calls what it describes after its folder
    mkdirSync(project);
    const { devDependencies: _, ...manifest } = read('package.json');
    writeFileSync(join(project, 'package.json'), JSON.stringify(manifest));
    writeFileSync(
      join(project, 'package-lock.json'),
      JSON.stringify(withoutDevelopment(read('package-lock.json'), omit)),
    );
    const words = ['sbom', '--package-lock-only', '--sbom-format=cyclonedx', '--sbom-type=application'];
    writeFileSync(join(folder, 'sbom.cdx.json'), npm(words, project));
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function withoutDevelopment({ packages, ...lock }, omit) {
  const flags = ['dev', 'devOptional', ...omit];
  const kept = Object.entries(packages).filter(([, locked]) => !flags.some((flag) => locked[flag] === true));
  const { devDependencies: _, ...root } = packages[''];
  return { ...lock, packages: { ...Object.fromEntries(kept), '': root } };
}

/** The npm that runs this, where one does. */
function npm(words, cwd) {
  const script = process.env.npm_execpath;
  const [program, ...first] = script?.endsWith('.js') ? [process.execPath, script] : ['npm'];
  return execFileSync(program, [...first, ...words], { cwd, stdio: ['ignore', 'pipe', 'inherit'] });
}

function read(name) {
  return JSON.parse(readFileSync(join(repository, name), 'utf8'));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const wrong = process.argv.slice(2).filter((word) => word !== '--omit=optional');
  if (wrong.length > 0) {
    console.error(`npm run sbom takes --omit=optional, and nothing else (not ${wrong.join(' ')})`);
    process.exit(2);
  }
  writeSbom(repository, { omit: process.argv.length > 2 ? ['optional'] : [] });
}
