/**
 * A stretch of UTF-8 in the making. Texts are encoded into the same memory again and again, and what is taken is copied out in one piece: a
 * rendering of many megabytes leaves no strings of that size behind for the garbage collector.
 */
export interface ByteBuffer {
  /** Adds a text; gives how many bytes it has. */
  put(text: string): number;
  /** Gives what was put since the last take. */
  take(): Uint8Array;
}

const ROOM = 1 << 20;
/** Of one UTF-16 unit; a pair of them takes four. */
const UTF8_MAX = 3;

/** @example const bytes = byteBuffer(); bytes.put('a'); bytes.put('é'); bytes.take() // Uint8Array [0x61, 0xc3, 0xa9] */
export function byteBuffer(): ByteBuffer {
  let full: Uint8Array[] = [];
  let room = Buffer.allocUnsafeSlow(ROOM);
  let used = 0;
  const makeRoom = (length: number): void => {
    if (used > 0) full.push(room.subarray(0, used));
    room = Buffer.allocUnsafeSlow(Math.max(ROOM, length));
    used = 0;
  };
  return {
    put(text) {
      const most = text.length * UTF8_MAX;
      if (used + most > room.length) makeRoom(most);
      const written = room.write(text, used);
      used += written;
      return written;
    },
    take() {
      const taken = Buffer.concat([...full, room.subarray(0, used)]);
      full = [];
      used = 0;
      return taken;
    },
  };
}
