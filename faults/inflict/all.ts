import { databaseKillBusy, databaseKillIdle, listenerEnd, listenerKill } from './database-kill.js';
import { diskFull } from './disk-full.js';
import type { Fault } from './fault.js';
import { cutConnections, delayConnections, halfOpen } from './network.js';
import { promotion } from './promotion.js';
import { rowLock } from './row-lock.js';
import { clockOff, olderVersion, serverKill } from './server-kill.js';

/** What breaks a server: one at a time at each server. */
export const SERVER_FAULTS: readonly Fault[] = [serverKill, clockOff, olderVersion];

/** What breaks the database, or the way to it: one at a time, beside those. */
export const DATABASE_FAULTS: readonly Fault[] = [
  ...[databaseKillBusy, databaseKillIdle, listenerKill, listenerEnd, promotion],
  ...[cutConnections, delayConnections, halfOpen, rowLock, diskFull],
];
