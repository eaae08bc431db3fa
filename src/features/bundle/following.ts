import type { Arrivals, WaiterKind } from '../../store/arrivals.js';
import type { PublishEvent } from '../../store/bundle.store.js';

/** What is followed, from which version on, and how the versions after one are read: the oldest first, some at a time. */
export interface Followed {
  readonly environment: string;
  readonly after: number;
  readonly kind: WaiterKind;
  readonly read: (after: number) => Promise<readonly PublishEvent[]>;
}

/**
 * The versions of an environment as they come, page after page, in order, none twice. Nothing is read while there is nothing new, and nothing
 * before it is asked for. Ends where the process does, and with `return`, also while someone waits for the next page.
 */
export class Following implements AsyncIterableIterator<readonly PublishEvent[]> {
  private after: number;
  private done = false;
  private letGo: () => void = () => undefined;

  constructor(
    private readonly arrivals: Arrivals,
    private readonly followed: Followed,
  ) {
    this.after = followed.after;
  }

  async next(): Promise<IteratorResult<readonly PublishEvent[], undefined>> {
    while (!this.done) {
      const arrived = await this.arrival();
      if (arrived === undefined) break;
      const page = await this.followed.read(this.after);
      this.after = page.at(-1)?.version ?? arrived; // an empty page: retention was faster
      if (page.length > 0) return { value: page, done: false };
    }
    return { value: undefined, done: true };
  }

  return(): Promise<IteratorResult<readonly PublishEvent[], undefined>> {
    this.done = true;
    this.letGo();
    return Promise.resolve({ value: undefined, done: true });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  private arrival(): Promise<number | undefined> {
    const { environment, kind } = this.followed;
    return new Promise((resolve) => {
      const letGo = this.arrivals.wait(environment, this.after, kind, (arrival) =>
        resolve(arrival === 'closing' ? undefined : arrival),
      );
      this.letGo = () => {
        letGo();
        resolve(undefined);
      };
    });
  }
}
