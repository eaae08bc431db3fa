import { setImmediate } from 'node:timers/promises';

/**
 * What many ask for at the same moment, where an answer may not be older than its question: whoever asks while a read is under way shares the
 * next one, which begins when that has ended. So there is one read of a thing at a time, however many ask.
 */
export class FreshReads<T> {
  private readonly underWay = new Map<string, Promise<void>>();
  /** Those that have not begun. */
  private readonly next = new Map<string, Promise<T>>();

  read(key: string, read: () => Promise<T>): Promise<T> {
    const standing = this.next.get(key);
    if (standing !== undefined) return standing;
    const next = this.begin(key, read);
    this.next.set(key, next);
    return next;
  }

  private async begin(key: string, read: () => Promise<T>): Promise<T> {
    await this.underWay.get(key);
    await setImmediate(); // so that it is one read for all whose requests came in this turn of the event loop
    this.next.delete(key);
    const begun = read();
    this.underWay.set(key, this.ended(key, begun));
    return begun;
  }

  private async ended(key: string, begun: Promise<T>): Promise<void> {
    await begun.catch(() => undefined);
    this.underWay.delete(key);
  }
}
