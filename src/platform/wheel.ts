const TICK_MS = 100;

/** Something to be done later, unless it is let go before. */
interface Task {
  readonly act: () => void;
}

/** Many deadlines with one timer, for those who wait by the thousand. They are kept within a tenth of a second; while there are none, nothing ticks. */
export class Wheel {
  private readonly slots = new Map<number, Set<Task>>();
  private timer: NodeJS.Timeout | undefined;
  private count = 0;
  private turned = 0;

  /** Does it after so many milliseconds; what it gives lets it go. */
  after(ms: number, act: () => void): () => void {
    const slot = Math.max(tick() + 1, Math.floor((performance.now() + ms) / TICK_MS));
    const task: Task = { act };
    const tasks = this.slots.get(slot) ?? new Set();
    this.slots.set(slot, tasks.add(task));
    if (++this.count === 1) this.start();
    return () => this.settle(tasks.delete(task) ? 1 : 0);
  }

  private start(): void {
    this.turned = tick();
    this.timer = setInterval(() => this.turn(), TICK_MS).unref();
  }

  /** A busy event loop skips ticks: so it is the clock that says which slots are due. */
  private turn(): void {
    for (const now = tick(); this.turned < now;) {
      const due = this.slots.get(++this.turned);
      if (due === undefined) continue;
      this.slots.delete(this.turned);
      for (const task of due) {
        due.delete(task);
        this.settle(1);
        task.act();
      }
    }
  }

  private settle(done: number): void {
    this.count -= done;
    if (this.count === 0) clearInterval(this.timer);
  }
}

function tick(): number {
  return Math.floor(performance.now() / TICK_MS);
}
