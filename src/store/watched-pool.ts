import pg from 'pg';

/** How often somebody had to wait for a connection because all were taken, and for how long in all. */
export interface Waits {
  readonly count: number;
  readonly seconds: number;
}

type Callback = (
  error: Error | undefined,
  client: pg.PoolClient | undefined,
  done: (release?: unknown) => void,
) => void;

/** A pool that knows how long was waited for its connections. Who need not wait costs a comparison, and no time is taken. */
export class WatchedPool extends pg.Pool {
  waits: Waits = { count: 0, seconds: 0 };

  override connect(): Promise<pg.PoolClient>;
  override connect(callback: Callback): void;
  override connect(callback?: Callback): Promise<pg.PoolClient> | void {
    const mustWait = this.idleCount === 0 && this.totalCount >= this.options.max;
    const told = mustWait ? this.waiting() : undefined;
    if (callback === undefined) return told === undefined ? super.connect() : super.connect().finally(told);
    super.connect((...answer) => {
      told?.();
      callback(...answer);
    });
  }

  private waiting(): () => void {
    const began = performance.now();
    return () => {
      const { count, seconds } = this.waits;
      this.waits = { count: count + 1, seconds: seconds + (performance.now() - began) / 1000 };
    };
  }
}
