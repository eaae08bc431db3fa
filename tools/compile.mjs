// Makes the Prisma client in src/store/generated, then dist/ from src/ (and bench/, attack/, faults/, examples/) with swc.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { hash, readIfThere, repository, writeWhole } from './files.mjs';

/** The folders whose TypeScript is compiled. */
export const COMPILED = ['src', 'bench', 'attack', 'faults', 'examples'];

/** Brings the generated client and dist/ up to date; gives what it did. */
export async function compile(root = repository) {
  const generated = generateClient(root);
  const compiled = await compileStale(root);
  return { generated, ...compiled };
}

/** What to show of an error of compile(): swc adds its own stack. */
export function reasonOf(error) {
  return error instanceof Error ? error.message.split('\n\nCaused by')[0] : error;
}

/** Runs `prisma generate` where prisma/schema.prisma, prisma.config.ts or the version of Prisma changed. */
function generateClient(root) {
  const schema = join(root, 'prisma/schema.prisma');
  if (!existsSync(schema)) return false;
  const stamp = join(root, 'src/store/generated/.stamp');
  const wanted = hash(readFileSync(schema), readIfThere(join(root, 'prisma.config.ts')), versionOf(root, 'prisma'));
  if (readIfThere(stamp) === wanted) return false;
  const { status, stdout, stderr } = spawnSync(process.execPath, [entryOf(root, 'prisma'), 'generate', '--no-hints'], {
    cwd: root,
    encoding: 'utf8',
    env: {
      ...process.env,
      PRISMA_SCHEMA_ENGINE_BINARY: join(root, 'tools/no-engine.sh'),
      PRISMA_HIDE_UPDATE_MESSAGE: '1',
      CHECKPOINT_DISABLE: '1',
    },
  });
  if (status !== 0) throw new Error(`prisma generate failed:\n${stdout}${stderr}`);
  writeWhole(stamp, wanted);
  return true;
}

/** Compiles the TypeScript files whose content changed since dist/.build.json was written, and removes outputs without a source. */
async function compileStale(root) {
  const record = join(root, 'dist/.build.json');
  const tool = hash(
    readFileSync(join(root, '.swcrc')),
    versionOf(root, '@swc/core'),
    readFileSync(fileURLToPath(import.meta.url)),
  );
  const before = JSON.parse(readIfThere(record) || '{}');
  const known = before.tool === tool ? before.files : {};
  const sources = [
    ...COMPILED.flatMap((folder) => typescriptFiles(join(root, folder))),
    ...FOR_BENCHES.map((file) => join(root, file)).filter(existsSync),
  ];
  const files = Object.fromEntries(sources.map((file) => [relative(root, file), hash(readFileSync(file))]));
  const stale = Object.keys(files).filter((file) => known[file] !== files[file]);
  const gone = Object.keys(before.files ?? {}).filter((file) => !(file in files));
  if (stale.length + gone.length === 0) return { compiled: 0, removed: 0 };

  const { transform } = stale.length > 0 ? await import('@swc/core') : {};
  await Promise.all(stale.map((file) => compileFile(transform, root, file)));
  for (const file of gone) for (const suffix of ['', '.map']) rmSync(outputOf(root, file) + suffix, { force: true });
  writeWhole(record, JSON.stringify({ tool, files }));
  return { compiled: stale.length, removed: gone.length };
}

async function compileFile(transform, root, file) {
  const output = outputOf(root, file);
  const { code, map } = await transform(readFileSync(join(root, file), 'utf8'), {
    filename: join(root, file),
    configFile: join(root, '.swcrc'),
    sourceFileName: relative(dirname(output), join(root, file)).split(sep).join('/'),
  });
  writeWhole(`${output}.map`, map);
  writeWhole(
    output,
    `${file.startsWith('src') ? code : towardsDist(code)}//# sourceMappingURL=${output.split(sep).pop()}.map\n`,
  );
}

/** What a bench compares with, and tests own. */
const FOR_BENCHES = ['test/domain/evaluate/reference.ts'];

/** src/x.ts -> dist/x.js, bench/x.ts -> dist/bench/x.js: src and dist have the same depth, so a path relative to a module holds in both. */
export function outputOf(root, file) {
  return join(root, 'dist', file.replace(/^src[/\\]/, '').replace(/\.ts$/, '.js'));
}

/** What stands beside src/ imports `../src/...`, which lies at `../...` in dist/. */
function towardsDist(code) {
  return code.replaceAll(/(['"])((?:\.\.\/)+)src\//g, '$1$2');
}

function typescriptFiles(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /(?<!\.d)\.ts$/.test(entry.name))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .filter((file) => !file.includes('node_modules'));
}

function manifestOf(root, name) {
  try {
    const file = createRequire(join(root, 'package.json')).resolve(`${name}/package.json`);
    return { folder: dirname(file), ...JSON.parse(readFileSync(file, 'utf8')) };
  } catch {
    throw new Error(`${name} is not installed: run \`npm ci --include=dev\` (building needs the development packages)`);
  }
}

function versionOf(root, name) {
  return manifestOf(root, name).version;
}

function entryOf(root, name) {
  const { folder, bin } = manifestOf(root, name);
  return join(folder, typeof bin === 'string' ? bin : bin[name]);
}
