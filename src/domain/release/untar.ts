import type { TarFile } from '../render/tar.js';
import type { Read } from './manifest.js';

const BLOCK = 512;
/** So many files an archive may have: one a namespace, and one more. */
const FILES_MAX = 20_000;

/** One segment: no folder, nothing above, nothing hidden, and nothing that a shell or a terminal would trip over. */
const NAME = /^[a-z0-9][a-z0-9._-]*$/;

/**
 * The files of an uncompressed archive of the one kind that bundles are: plain ustar, regular files, each name once and without a folder. All
 * else is unreadable as a whole: links, folders, devices, extended headers, names that lead elsewhere, a cut end, bytes behind the end.
 * @example untar(bytes) // { kind: 'read', value: [{ name: 'kustomization.yaml', content }, { name: 'shop.yaml', content }] }
 */
export function untar(bytes: Uint8Array): Read<readonly TarFile[]> {
  const files: TarFile[] = [];
  const names = new Set<string>();
  let at = 0;
  while (at + BLOCK <= bytes.length) {
    const header = bytes.subarray(at, at + BLOCK);
    if (isEmpty(header)) return atEnd(bytes.subarray(at), files);
    const entry = readHeader(header);
    if (typeof entry === 'string') return wrong(entry);
    if (names.has(entry.name)) return wrong(`it has two files ${entry.name}`);
    if (names.size === FILES_MAX) return wrong(`it has more than ${FILES_MAX} files`);
    const start = at + BLOCK;
    if (start + entry.size > bytes.length) return wrong(`it ends within ${entry.name}`);
    names.add(entry.name);
    files.push({ name: entry.name, content: bytes.subarray(start, start + entry.size) });
    at = start + Math.ceil(entry.size / BLOCK) * BLOCK;
  }
  return wrong('it has no end');
}

/** Two empty blocks, and nothing but more of them. */
function atEnd(rest: Uint8Array, files: readonly TarFile[]): Read<readonly TarFile[]> {
  if (rest.length < 2 * BLOCK || rest.length % BLOCK !== 0) return wrong('its end is cut');
  return isEmpty(rest) ? { kind: 'read', value: files } : wrong('it has something behind its end');
}

/** https://pubs.opengroup.org/onlinepubs/9799919799/utilities/pax.html#tag_20_94_13_06; a text says what is wrong. */
function readHeader(header: Uint8Array): { readonly name: string; readonly size: number } | string {
  const text = (from: number, length: number): string => {
    const field = Buffer.from(header.subarray(from, from + length)).toString('latin1');
    const end = field.indexOf('\0');
    return end === -1 ? field : field.slice(0, end);
  };
  const name = text(0, 100);
  const shown = JSON.stringify(name);
  if (text(257, 6) !== 'ustar' || text(263, 2) !== '00') return `its entry ${shown} is no plain ustar`;
  const checksum = octal(text(148, 8));
  if (checksum !== checksumOf(header)) return `the checksum of its entry ${shown} does not fit`;
  if (text(156, 1) !== '0') return `its entry ${shown} is no regular file`;
  if (text(345, 155) !== '' || text(157, 100) !== '' || !NAME.test(name)) return `its entry ${shown} has no plain name`;
  const size = octal(text(124, 12));
  return size === undefined ? `its entry ${shown} has no size` : { name, size };
}

function octal(field: string): number | undefined {
  const digits = field.trim();
  return /^[0-7]{1,11}$/.test(digits) ? Number.parseInt(digits, 8) : undefined;
}

/** The field of the checksum counts as spaces. */
function checksumOf(header: Uint8Array): number {
  return header.reduce((sum, byte, at) => sum + (at >= 148 && at < 156 ? 0x20 : byte), 0);
}

function isEmpty(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0);
}

function wrong(why: string): { readonly kind: 'unreadable'; readonly why: string } {
  return { kind: 'unreadable', why };
}
