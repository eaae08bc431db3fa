/**
 * A stretch of UTF-8 in the making. It is put together in the same memory again and again, and copied out when it is taken: a rendering of
 * many megabytes leaves nothing behind for the garbage collector but what was asked for.
 */
export interface ByteBuffer {
  /** Adds a text. */
  put(text: string): void;
  /** Adds bytes. */
  add(bytes: Uint8Array): void;
  /** How many bytes were added since the last take. */
  length(): number;
  /** Gives what was added since the last take. */
  take(): Uint8Array;
}

const ROOM = 1 << 20;
/** Of one UTF-16 unit; a pair of them takes four. */
const UTF8_MAX = 3;

/** @example const bytes = byteBuffer(); bytes.put('a'); bytes.put('é'); bytes.take() // Uint8Array [0x61, 0xc3, 0xa9] */
export function byteBuffer(): ByteBuffer {
  let room = Buffer.allocUnsafeSlow(ROOM);
  let used = 0;
  const makeRoom = (length: number): void => {
    const larger = Buffer.allocUnsafeSlow(Math.max(2 * room.length, used + length));
    larger.set(room.subarray(0, used));
    room = larger;
  };
  return {
    put(text) {
      const most = text.length * UTF8_MAX;
      if (used + most > room.length) makeRoom(most);
      used += room.write(text, used);
    },
    add(bytes) {
      if (used + bytes.length > room.length) makeRoom(bytes.length);
      room.set(bytes, used);
      used += bytes.length;
    },
    length: () => used,
    take() {
      const taken = Buffer.allocUnsafeSlow(used);
      taken.set(room.subarray(0, used));
      used = 0;
      return taken;
    },
  };
}
