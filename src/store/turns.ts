import { SluiceError } from '../domain/errors.js';

/** How long somebody waits for a turn, before it is better to come again. */
const WAIT_MS = 30_000;

interface Line {
  running: number;
  readonly waiting: (() => void)[];
}

/**
 * Who would wait for the same lock in the database waits here first, where it costs no connection: so those who wait for one thing take none from
 * those who want another. Some go on at a time (`width`), so that one begins while another commits.
 */
export class Turns {
  private readonly lines = new Map<string, Line>();

  constructor(
    private readonly width: number,
    private readonly waitMs = WAIT_MS,
  ) {}

  /** Runs `work` when it is its turn, in the order of asking. Refuses (unavailable) whose turn does not come in time: nothing of it is done then. */
  async take<R>(key: string, work: () => Promise<R>): Promise<R> {
    const line = this.lines.get(key) ?? { running: 0, waiting: [] };
    this.lines.set(key, line);
    if (line.running < this.width) line.running++;
    else await this.turnOf(line, key);
    try {
      return await work();
    } finally {
      this.pass(line, key);
    }
  }

  private turnOf(line: Line, key: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const go = () => {
        clearTimeout(timer);
        resolve();
      };
      const timer = setTimeout(() => {
        line.waiting.splice(line.waiting.indexOf(go), 1);
        reject(new SluiceError('unavailable', `others write ${key} for too long: nothing was done, try again`));
      }, this.waitMs);
      line.waiting.push(go);
    });
  }

  /** To the next one, or to nobody. */
  private pass(line: Line, key: string): void {
    const next = line.waiting.shift();
    if (next !== undefined) next();
    else if (--line.running === 0) this.lines.delete(key);
  }
}
