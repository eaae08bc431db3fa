/** The regular files of a ustar archive, in its order. */
export function untar(archive: Buffer): { name: string; content: Buffer; mode: number; mtime: number }[] {
  const files = [];
  for (let at = 0; at + 512 <= archive.length;) {
    const header = archive.subarray(at, at + 512);
    if (header.every((byte) => byte === 0)) break;
    const text = (from: number, length: number) => header.toString('latin1', from, from + length).replace(/\0.*$/s, '');
    const number = (from: number, length: number) => parseInt(text(from, length), 8);
    const sum = header.reduce((total, byte, index) => total + (index >= 148 && index < 156 ? 32 : byte), 0);
    if (number(148, 8) !== sum || text(257, 5) !== 'ustar' || text(156, 1) !== '0')
      throw new Error(`no header of a file at byte ${at}`);
    const size = number(124, 12);
    const content = archive.subarray(at + 512, at + 512 + size);
    files.push({ name: text(0, 100), content, mode: number(100, 8), mtime: number(136, 12) });
    at += 512 + Math.ceil(size / 512) * 512;
  }
  return files;
}
