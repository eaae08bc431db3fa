import { compareText } from '../errors.js';
import { scalar } from './scalar.js';

/** All the documents of one namespace: a piece of the YAML stream, and a file of the archive. */
export interface NamespaceYaml {
  readonly namespace: string;
  /** UTF-8. */
  readonly yaml: Uint8Array;
}

/** A file of the archive. */
export interface TarFile {
  readonly name: string;
  readonly content: Uint8Array;
}

const BLOCK = 512;
const KUSTOMIZATION = 'kustomization.yaml';

/** Two empty blocks end an archive. */
const TAR_END_LENGTH = 2 * BLOCK;

/**
 * The bundle as an uncompressed ustar archive: `kustomization.yaml` and a file for each namespace, sorted by name, nothing else. The
 * same input gives the same bytes: no times, owners or machine in it. No PAX headers: Flux writes those out as files. In parts, to be put
 * one behind the other: the YAML of each namespace is one of them, so that it can be stored once for all its uses.
 * @example Buffer.concat(tarParts(renderBundle(snapshot).namespaces))
 */
export function tarParts(namespaces: readonly NamespaceYaml[]): Uint8Array[] {
  const parts: Uint8Array[] = [];
  let padding = 0;
  for (const file of tarFiles(namespaces)) {
    parts.push(Buffer.concat([Buffer.alloc(padding), tarHeader(file)]), file.content);
    padding = Math.ceil(file.content.length / BLOCK) * BLOCK - file.content.length;
  }
  return [...parts, Buffer.alloc(padding + TAR_END_LENGTH)];
}

/** The files of the archive, sorted by name. */
export function tarFiles(namespaces: readonly NamespaceYaml[]): TarFile[] {
  const files = namespaces.map(({ namespace, yaml }) => ({ name: fileName(namespace), content: yaml }));
  const kustomization = { name: KUSTOMIZATION, content: Buffer.from(writeKustomization(namespaces)) };
  return [kustomization, ...files].sort((a, b) => compareText(a.name, b.name));
}

/** No namespace has a `_` in its name, so this one file never meets another one. */
function fileName(namespace: string): string {
  const name = `${namespace}.yaml`;
  return name === KUSTOMIZATION ? 'kustomization_.yaml' : name;
}

/** Names its resources: without a list, Flux and Argo CD read every file. `fifo` keeps our order, which has the default deny last. */
function writeKustomization(namespaces: readonly NamespaceYaml[]): string {
  const head =
    'apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nsortOptions:\n  order: fifo\nresources:';
  const names = namespaces.map(({ namespace }) => namespace).sort(compareText);
  return `${head}${names.length === 0 ? ' []' : names.map((name) => `\n  - ${scalar(fileName(name))}`).join('')}\n`;
}

/**
 * What stands before the content of a file, which is then filled up to whole blocks. Refuses (throws) a name over 100 bytes, which plain
 * ustar cannot hold. https://pubs.opengroup.org/onlinepubs/9799919799/utilities/pax.html#tag_20_94_13_06
 */
export function tarHeader({ name, content }: TarFile): Uint8Array {
  if (Buffer.byteLength(name) > 100)
    throw new RangeError(`tar: file name ${JSON.stringify(name)} is longer than 100 bytes`);
  const header = Buffer.alloc(BLOCK);
  header.write(name, 0);
  header.write(octal(0o644, 8), 100); // mode
  header.write(octal(0, 8), 108); // uid
  header.write(octal(0, 8), 116); // gid
  header.write(octal(content.length, 12), 124);
  header.write(octal(0, 12), 136); // mtime
  header.write(' '.repeat(8), 148); // the checksum counts its own field as spaces
  header.write('0', 156); // a regular file
  header.write('ustar\u000000', 257);
  header.write(octal(checksum(header), 7), 148);
  return header;
}

function checksum(header: Uint8Array): number {
  return header.reduce((sum, byte) => sum + byte, 0);
}

/** Octal digits filling the field but for the NUL at its end. */
function octal(value: number, width: number): string {
  return `${value.toString(8).padStart(width - 1, '0')}\0`;
}
