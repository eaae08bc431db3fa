import type { CommandGroup } from './command.js';
import { analyze } from './commands/analyze/analyze.js';

/** Every command there is. */
export const PROGRAM: CommandGroup = {
  kind: 'group',
  name: 'sluice',
  summary: 'Network policy as a service: the command line.',
  members: [analyze],
};
