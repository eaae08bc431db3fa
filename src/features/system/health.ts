import type { Database } from '../../store/database.js';

const DEADLINE_MS = 1000;

/** Can this process do its work? */
export class Health {
  constructor(private readonly database: Database) {}

  /** True where the database answers within a second. */
  async ready(): Promise<boolean> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<boolean>((resolve) => {
      timer = setTimeout(() => resolve(false), DEADLINE_MS);
    });
    const answer = this.database.pool.query('SELECT 1').then(
      () => true,
      () => false,
    );
    try {
      return await Promise.race([answer, late]);
    } finally {
      clearTimeout(timer);
    }
  }
}
