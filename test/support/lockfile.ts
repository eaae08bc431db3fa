import { readFileSync } from 'node:fs';

/** What package-lock.json says of one package. */
export interface LockedPackage {
  readonly version: string;
  readonly integrity?: string;
  readonly license?: string;
  readonly resolved?: string;
  readonly link?: boolean;
  readonly hasInstallScript?: boolean;
  readonly dependencies?: Ranges;
  readonly devDependencies?: Ranges;
  readonly optionalDependencies?: Ranges;
  readonly peerDependencies?: Ranges;
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>;
}

type Ranges = Readonly<Record<string, string>>;

/** The packages of package-lock.json by their folder; `''` is the project itself. */
export function lockedPackages(): Readonly<Record<string, LockedPackage>> {
  return (JSON.parse(readFileSync('package-lock.json', 'utf8')) as { packages: Record<string, LockedPackage> })
    .packages;
}

/** The name of the package in a folder: `node_modules/a/node_modules/@b/c` has `@b/c`. */
export function nameIn(folder: string): string {
  return folder.split('node_modules/').at(-1) ?? '';
}

/**
 * The folders of all that the server needs, on any platform: found by walking from package.json as Node does, not by the flags that npm writes
 * into the lockfile. `optional` packages of the project count, those of development do not.
 */
export function productionFolders(packages = lockedPackages()): readonly string[] {
  const found = new Set<string>();
  const ahead = [''];
  for (let folder = ahead.pop(); folder !== undefined; folder = ahead.pop()) {
    for (const name of neededBy(packages[folder]!)) {
      const at = foundFrom(packages, folder, name);
      if (at === undefined || found.has(at)) continue;
      found.add(at);
      ahead.push(at);
    }
  }
  return [...found].sort();
}

function neededBy({
  dependencies = {},
  optionalDependencies = {},
  peerDependencies = {},
  peerDependenciesMeta = {},
}: LockedPackage): string[] {
  const peers = Object.keys(peerDependencies).filter((name) => peerDependenciesMeta[name]?.optional !== true);
  return [...Object.keys(dependencies), ...Object.keys(optionalDependencies), ...peers];
}

/** Upwards from a folder, the first node_modules that has it. */
function foundFrom(
  packages: Readonly<Record<string, LockedPackage>>,
  folder: string,
  name: string,
): string | undefined {
  for (let at = folder; ; at = at.slice(0, Math.max(0, at.lastIndexOf('node_modules/') - 1))) {
    const candidate = `${at === '' ? '' : `${at}/`}node_modules/${name}`;
    if (packages[candidate] !== undefined) return candidate;
    if (at === '') return undefined;
  }
}
