const ROOM = 1 << 20;
/** Of one UTF-16 unit; a pair of them takes four. */
const UTF8_MAX = 3;

/**
 * A stretch of UTF-8 in the making. It is put together in the same memory again and again, and copied out when it is taken: a rendering of
 * many megabytes leaves nothing behind for the garbage collector but what was asked for.
 * @example const bytes = new ByteBuffer(); bytes.put('a'); bytes.put('é'); bytes.take() // Uint8Array [0x61, 0xc3, 0xa9]
 */
export class ByteBuffer {
  private room = Buffer.allocUnsafeSlow(ROOM);
  private used = 0;

  /** How many bytes were added since the last take. */
  get length(): number {
    return this.used;
  }

  /** Adds a text. */
  put(text: string): void {
    if (this.used + text.length * UTF8_MAX > this.room.length) this.grow(text.length * UTF8_MAX);
    this.used += this.room.write(text, this.used);
  }

  /** Adds a text that is known to be ASCII. A short one is there before the encoder of any text is called. */
  ascii(text: string): void {
    const { length } = text;
    if (this.used + length > this.room.length) this.grow(length);
    const { room } = this;
    let at = this.used;
    for (let i = 0; i < length; i++) room[at++] = text.charCodeAt(i);
    this.used = at;
  }

  /** Adds a text if `allowed` has a 1 for each of its units, which are ASCII; else adds nothing, and gives false. */
  asciiOf(allowed: Uint8Array, text: string): boolean {
    const { length } = text;
    if (this.used + length > this.room.length) this.grow(length);
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

  /** Adds bytes. */
  add(bytes: Uint8Array): void {
    if (this.used + bytes.length > this.room.length) this.grow(bytes.length);
    this.room.set(bytes, this.used);
    this.used += bytes.length;
  }

  /** Takes back what was added since there were so many. */
  cut(length: number): void {
    this.used = length;
  }

  /** A copy of what was added since there were so many, to be added again. */
  since(length: number): Uint8Array {
    const copy = Buffer.allocUnsafe(this.used - length);
    copy.set(this.room.subarray(length, this.used));
    return copy;
  }

  /** Gives what was added since the last take. */
  take(): Uint8Array {
    const taken = Buffer.allocUnsafeSlow(this.used);
    taken.set(this.room.subarray(0, this.used));
    this.used = 0;
    return taken;
  }

  private grow(length: number): void {
    const larger = Buffer.allocUnsafeSlow(Math.max(2 * this.room.length, this.used + length));
    larger.set(this.room.subarray(0, this.used));
    this.room = larger;
  }
}
