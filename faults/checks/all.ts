import { changed } from './changed.js';
import type { Check } from './check.js';
import { ended } from './ended.js';
import { gap } from './gap.js';
import { half } from './half.js';
import { lost } from './lost.js';
import { odd } from './odd.js';
import { phantom } from './phantom.js';
import { stale } from './stale.js';
import { twice } from './twice.js';
import { unready } from './unready.js';
import { unsigned } from './unsigned.js';

/** What a run is judged by. To add one, write a file like those and name it here, with a mutant that it finds. */
export const CHECKS: readonly Check[] = [
  lost,
  changed,
  gap,
  twice,
  half,
  stale,
  phantom,
  unsigned,
  ended,
  odd,
  unready,
];
