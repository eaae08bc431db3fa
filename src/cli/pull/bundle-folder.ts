import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import type { Known } from '../../domain/release/advance.js';
import { readManifest } from '../../domain/release/manifest.js';
import { besideName, syncFolder } from '../files/write-file.js';
import { readManifestFile } from './version-folder.js';

/**
 * Where pulls go: a folder a version in `versions/`, complete from the moment it has its name, and the link `current`, which is replaced in one
 * step. So a pull that ends at any moment leaves the old version or the new one, and never half of one.
 */
const VERSIONS = 'versions';
const CURRENT = 'current';
const NAME = /^([1-9]\d{0,8})-[0-9a-f]{16}(\.[0-9a-f]{12})?$/;
const LEFT_OVER = /^\.(new|old|link)\.[0-9a-f]{12}$/;
const LEFT_OVER_AGE = 60 * 60 * 1000;

/** The folder that is current in `out`; nothing where there is none. */
export function currentIn(out: string): string | undefined {
  try {
    const name = basename(readlinkSync(join(out, CURRENT)));
    const folder = join(out, VERSIONS, name);
    return NAME.test(name) && existsSync(folder) ? folder : undefined;
  } catch {
    return undefined;
  }
}

/** The names of the versions that are there. */
export function versionsIn(out: string): string[] {
  return entriesOf(join(out, VERSIONS)).filter((name) => NAME.test(name));
}

/** What is known of these versions, by what lies there. */
export function knownOf(out: string, names: readonly string[]): Known[] {
  return names.flatMap((name) => {
    const bytes = readManifestFile(join(out, VERSIONS, name));
    const manifest = bytes && readManifest(bytes);
    return manifest?.kind === 'read' ? [manifest.value] : [];
  });
}

/** The folder that a path means: itself, or what is current in it. */
export function versionFolderAt(path: string): string {
  return currentIn(path) ?? path;
}

export function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

/** How a version is put where others may be put at the same time. */
export interface Installation {
  readonly out: string;
  readonly version: number;
  readonly digest: string;
  /** The names that were there before. */
  readonly before: readonly string[];
  /** Whether a newer version that another pull brought meanwhile is rather current than this one. */
  readonly newer: 'wins' | 'yields';
  /** Writes it into a folder that is not there yet. */
  readonly write: (folder: string) => void;
  /** Whether a folder that is there already is this version, whole. */
  readonly isWhole: (folder: string) => boolean;
}

/** Puts a version in place and makes it current; gives the folder that is current then. */
export function install(installation: Installation): string {
  const { out, newer, before } = installation;
  mkdirSync(join(out, VERSIONS), { recursive: true });
  const own = place(installation);
  const best = (): string => {
    const fresh = versionsIn(out).filter((name) => !before.includes(name) && versionOf(name) > versionOf(own));
    return newer === 'yields' ? own : (newest(fresh) ?? own);
  };
  const last = currentIn(out);
  let name = best();
  for (point(out, name); name !== best(); point(out, name)) name = best();
  tidy(out, before, [name, ...(last === undefined ? [] : [basename(last)])]);
  return join(out, VERSIONS, name);
}

/** Under its own name, or beside a damaged folder of that name. */
function place({ out, version, digest, write, isWhole }: Installation): string {
  const fresh = besideName(join(out, '.new'));
  write(fresh);
  const name = `${version}-${digest.slice('sha256:'.length, 'sha256:'.length + 16)}`;
  const target = join(out, VERSIONS, name);
  const taken = existsSync(target) && !isWhole(target) ? besideName(name) : name;
  try {
    renameSync(fresh, join(out, VERSIONS, taken));
  } catch (error) {
    rmSync(fresh, { recursive: true, force: true });
    // Another pull of the same version was first.
    if (!existsSync(target) || !isWhole(target)) throw error;
  }
  syncFolder(join(out, VERSIONS));
  return taken;
}

function point(out: string, name: string): void {
  const link = besideName(join(out, '.link'));
  symlinkSync(join(VERSIONS, name), link);
  renameSync(link, join(out, CURRENT));
  syncFolder(out);
}

/** Of those that were there before, one stays to fall back on, and the newest, which says how far versions have come. */
function tidy(out: string, before: readonly string[], keep: readonly string[]): void {
  const top = newest(versionsIn(out));
  for (const name of before) {
    if (keep.includes(name) || name === top) continue;
    const old = besideName(join(out, '.old'));
    if (existsSync(join(out, VERSIONS, name))) renameSync(join(out, VERSIONS, name), old);
    rmSync(old, { recursive: true, force: true });
  }
}

/** Removes what pulls left that were killed; a pull that goes on is younger. */
export function removeLeftOvers(out: string, now: Date): void {
  for (const name of entriesOf(out)) {
    const path = join(out, name);
    if (!LEFT_OVER.test(name)) continue;
    const changed = lstatSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Infinity;
    if (changed < now.getTime() - LEFT_OVER_AGE) rmSync(path, { recursive: true, force: true });
  }
}

function newest(names: readonly string[]): string | undefined {
  return names.reduce<string | undefined>(
    (best, name) => (best === undefined || versionOf(name) > versionOf(best) ? name : best),
    undefined,
  );
}

function versionOf(name: string): number {
  return Number(NAME.exec(name)?.[1]);
}

function entriesOf(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
