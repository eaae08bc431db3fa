const ROOM = 1 << 20;
/** Of one UTF-16 unit; a pair of them takes four. */
const UTF8_MAX = 3;

/** What was added to one buffer and kept by it: its number, from 0 in the order of keeping. */
export type Kept = number;

/**
 * A stretch of UTF-8 in the making. It is put together in the same memory again and again, and copied out when it is taken; what is kept to be
 * added again stands at the end of that memory. So a rendering of many megabytes leaves nothing behind for the garbage collector but what was asked for.
 * @example const bytes = new ByteBuffer(); bytes.put('a'); bytes.put('é'); bytes.take() // Uint8Array [0x61, 0xc3, 0xa9]
 */
export class ByteBuffer {
  private room = Buffer.allocUnsafeSlow(ROOM);
  private used = 0;
  /** From here on is what was kept, the last first. */
  private free = ROOM;
  /** Where each starts that was kept, counted from the end of the room; the one before starts where it ends. */
  private readonly starts = [0];

  /** How many bytes were added since the last take. */
  get length(): number {
    return this.used;
  }

  /** Adds a text. */
  put(text: string): void {
    if (this.used + text.length * UTF8_MAX > this.free) this.grow(text.length * UTF8_MAX);
    this.used += this.room.write(text, this.used);
  }

  /** Adds a text that is known to be ASCII. A short one is there before the encoder of any text is called. */
  ascii(text: string): void {
    const { length } = text;
    if (this.used + length > this.free) this.grow(length);
    const { room } = this;
    let at = this.used;
    for (let i = 0; i < length; i++) room[at++] = text.charCodeAt(i);
    this.used = at;
  }

  /** Adds a text if `allowed` has a 1 for each of its units, which are ASCII; else adds nothing, and gives false. */
  asciiOf(allowed: Uint8Array, text: string): boolean {
    const { length } = text;
    if (this.used + length > this.free) this.grow(length);
    const { room } = this;
    let at = this.used;
    for (let i = 0; i < length; i++) {
      const unit = text.charCodeAt(i);
      if (allowed[unit] !== 1) return false;
      room[at++] = unit;
    }
    this.used = at;
    return true;
  }

  /** Takes back what was added since there were so many. */
  cut(length: number): void {
    this.used = length;
  }

  /** Keeps what was added since there were so many, to be added again. */
  keep(length: number): Kept {
    const size = this.used - length;
    if (this.used + size > this.free) this.grow(size);
    this.free -= size;
    this.room.copyWithin(this.free, length, this.used);
    return this.starts.push(this.room.length - this.free) - 2;
  }

  /** Adds once more what was kept. */
  again(kept: Kept): void {
    const [end, start] = [this.starts[kept] ?? 0, this.starts[kept + 1] ?? 0];
    const size = start - end;
    if (this.used + size > this.free) this.grow(size);
    const { room, used } = this;
    room.copyWithin(used, room.length - start, room.length - end);
    this.used = used + size;
  }

  /** Gives what was added since the last take. */
  take(): Uint8Array {
    const taken = Buffer.allocUnsafeSlow(this.used);
    taken.set(this.room.subarray(0, this.used));
    this.used = 0;
    return taken;
  }

  private grow(length: number): void {
    const kept = this.room.subarray(this.free);
    const larger = Buffer.allocUnsafeSlow(Math.max(2 * this.room.length, this.used + length + kept.length));
    larger.set(this.room.subarray(0, this.used));
    this.free = larger.length - kept.length;
    larger.set(kept, this.free);
    this.room = larger;
  }
}
