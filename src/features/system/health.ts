import type { Database } from '../../store/database.js';
import type { Notifications } from '../../store/notifications.js';

const DEADLINE_MS = 1000;
const ASK = 'SELECT pg_is_in_recovery() AS standby';

/** Whether a process can do all of its work, and why not. */
export type Readiness = 'ok' | 'the database does not answer' | 'the database takes no writes';

interface Answer {
  readonly standby: boolean;
}

/** Can this process do its work? */
export class Health {
  constructor(
    private readonly database: Database,
    private readonly notifications: Notifications,
  ) {}

  /** `ok` where the database answers within a second, and takes writes. */
  async readiness(): Promise<Readiness> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<undefined>((resolve) => {
      timer = setTimeout(() => resolve(undefined), DEADLINE_MS);
    });
    try {
      const answer = await Promise.race([this.ask().catch(() => undefined), late]);
      if (answer === undefined) return 'the database does not answer';
      return answer.standby ? 'the database takes no writes' : 'ok';
    } finally {
      clearTimeout(timer);
    }
  }

  /** On the connection for notifications: all of the pool may be busy, which is no reason to take a process for dead. */
  private async ask(): Promise<Answer | undefined> {
    const { notifications, database } = this;
    const rows = notifications.connected ? notifications.ask<Answer>(ASK) : database.sql<Answer>(ASK, []);
    return (await rows)[0];
  }
}
