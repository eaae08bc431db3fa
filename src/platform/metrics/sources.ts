import type { CacheName, CacheState } from '../../seeing/cache-tally.js';
import type { Arrivals } from '../../store/arrivals.js';
import type { Database } from '../../store/database.js';
import type { Notifications } from '../../store/notifications.js';
import type { WorkPool } from '../../work/work-pool.js';

/** The parts that tell of themselves when they are asked: nothing is counted twice. */
export interface MetricSources {
  readonly database: Pick<Database, 'pool' | 'lost'>;
  readonly notifications: Pick<Notifications, 'connected' | 'connections'>;
  readonly arrivals: Pick<Arrivals, 'counts'>;
  readonly work: Pick<WorkPool, 'load'>;
  readonly caches: () => Readonly<Record<CacheName, CacheState>>;
}
