import { anotherDigestInLists } from './another-digest-in-lists.js';
import { asynchronousCommit } from './asynchronous-commit.js';
import { auditOutside } from './audit-outside.js';
import { digestOfReparsed } from './digest-of-reparsed.js';
import { keyForgotten } from './key-forgotten.js';
import { keyOutside } from './key-outside.js';
import { latestFromMemory } from './latest-from-memory.js';
import type { Mutant } from './mutant.js';
import { neverLooksAgain } from './never-looks-again.js';
import { noListener } from './no-listener.js';
import { numberWithoutLock } from './number-without-lock.js';
import { oneMemoryForAllVersions } from './one-memory-for-all-versions.js';
import { outageToldAsConflict } from './outage-told-as-conflict.js';
import { replyBeforeCommit } from './reply-before-commit.js';

/** Each check is turned red by at least one of them. */
export const MUTANTS: readonly Mutant[] = [
  ...[replyBeforeCommit, asynchronousCommit, numberWithoutLock, keyOutside, keyForgotten, noListener, latestFromMemory],
  ...[
    auditOutside,
    digestOfReparsed,
    oneMemoryForAllVersions,
    anotherDigestInLists,
    neverLooksAgain,
    outageToldAsConflict,
  ],
];
