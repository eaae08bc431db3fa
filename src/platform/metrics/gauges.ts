import { Counter, Gauge, type Registry } from 'prom-client';
import { WAITER_KINDS } from '../../store/arrivals.js';
import { type CacheState } from '../../seeing/cache-tally.js';
import { POOL_NAMES, type PoolLoad, type PoolName } from '../../work/work-pool.js';
import type { MetricSources } from './sources.js';

/** One value and its labels. */
type Sample = readonly [value: number, labels?: Readonly<Record<string, string>>];

/** A metric whose values are had from their source at each scrape. */
interface Read {
  readonly name: string;
  readonly help: string;
  readonly labels?: readonly string[];
  readonly read: () => readonly Sample[];
}

/** All that is read at a scrape. A value that only grows is a counter, and its name ends with `_total`. */
export function registerGauges(registry: Registry, sources: MetricSources): void {
  for (const { name, help, labels = [], read } of [...ofDatabase(sources), ...ofThreads(sources), ...ofCaches(sources)])
    if (name.endsWith('_total')) counter(registry, { name, help, labels, read });
    else gauge(registry, { name, help, labels, read });
}

function gauge(registry: Registry, { name, help, labels, read }: Required<Read>): void {
  const collect = () => {
    for (const [value, of = {}] of read()) made.set(of, value);
  };
  const made: Gauge = new Gauge({ name, help, labelNames: [...labels], registers: [registry], collect });
}

function counter(registry: Registry, { name, help, labels, read }: Required<Read>): void {
  const collect = () => {
    made.reset();
    for (const [value, of = {}] of read()) made.inc(of, value);
  };
  const made: Counter = new Counter({ name, help, labelNames: [...labels], registers: [registry], collect });
}

function ofDatabase({ database, notifications, arrivals }: MetricSources): readonly Read[] {
  return [
    {
      name: 'sluice_database_connections',
      help: 'Connections of the pool by state, and requests that wait for one',
      labels: ['state'],
      read: () => {
        const { totalCount, idleCount, waitingCount } = database.pool;
        const states = { busy: totalCount - idleCount, idle: idleCount, waiting: waitingCount };
        return Object.entries(states).map(([state, count]) => [count, { state }]);
      },
    },
    {
      name: 'sluice_database_waits_total',
      help: 'How often one had to wait for a connection because all were taken',
      read: () => [[database.pool.waits.count]],
    },
    {
      name: 'sluice_database_wait_seconds_total',
      help: 'How long was waited for connections, all in all',
      read: () => [[database.pool.waits.seconds]],
    },
    {
      name: 'sluice_database_connections_lost_total',
      help: 'Connections of the pool that broke',
      read: () => [[database.lost]],
    },
    {
      name: 'sluice_listener_connected',
      help: 'Whether this process hears what others publish and revoke: 1, or 0 while it asks the database instead',
      read: () => [[notifications.connected ? 1 : 0]],
    },
    {
      name: 'sluice_listener_connections_total',
      help: 'How often the listener was connected: once, and again after each break',
      read: () => [[notifications.connections]],
    },
    {
      name: 'sluice_waiters',
      help: 'Clients that wait for the next version: long polls, streams of events, subscriptions',
      labels: ['kind'],
      read: () => WAITER_KINDS.map((kind) => [arrivals.counts[kind], { kind }]),
    },
  ];
}

function ofThreads({ work }: MetricSources): readonly Read[] {
  const labels = ['pool'];
  const all = (read: (load: PoolLoad) => number) => () =>
    POOL_NAMES.map((pool: PoolName): Sample => [read(work.load(pool)), { pool }]);
  return [
    {
      ...{ name: 'sluice_worker_threads', labels },
      help: 'Worker threads that run: they are ended when they had nothing to do for a while',
      read: all(({ threads }) => threads),
    },
    {
      ...{ name: 'sluice_worker_queue', labels },
      help: 'Jobs that wait for a worker thread',
      read: all(({ queued }) => queued),
    },
    {
      ...{ name: 'sluice_worker_busy_seconds_total', labels },
      help: 'How long worker threads had jobs, all in all: its rate is how many are busy',
      read: all(({ busySeconds }) => busySeconds),
    },
  ];
}

function ofCaches({ caches }: MetricSources): readonly Read[] {
  const labels = ['cache'];
  const all = (read: (state: CacheState) => number | undefined) => (): readonly Sample[] =>
    Object.entries(caches()).flatMap(([cache, state]): Sample[] => {
      const value = read(state);
      return value === undefined ? [] : [[value, { cache }]];
    });
  return [
    {
      ...{ name: 'sluice_cache_hits_total', labels },
      help: 'How often a cache had what it was asked for, those of worker threads counted in',
      read: all(({ hits }) => hits),
    },
    {
      ...{ name: 'sluice_cache_misses_total', labels },
      help: 'How often it had not',
      read: all(({ misses }) => misses),
    },
    { ...{ name: 'sluice_cache_entries', labels }, help: 'What a cache holds', read: all(({ entries }) => entries) },
    {
      ...{ name: 'sluice_cache_bytes', labels },
      help: 'How many bytes that is, where it counts them',
      read: all(({ bytes }) => bytes),
    },
  ];
}
