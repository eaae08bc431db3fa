import type { CommandGroup } from './command.js';
import { analyze } from './commands/analyze/analyze.js';
import { completionCommand } from './commands/completion.js';
import { applyCommand } from './commands/delivery/apply.js';
import { diffCommand } from './commands/delivery/diff.js';
import { planCommand } from './commands/delivery/plan.js';
import { publishCommand } from './commands/delivery/publish.js';
import { pullCommand } from './commands/delivery/pull.js';
import { statusCommand } from './commands/delivery/status.js';
import { verifyCommand } from './commands/delivery/verify.js';
import { loginCommand } from './commands/server/login.js';
import { logoutCommand } from './commands/server/logout.js';

/** Every command there is. */
export const PROGRAM: CommandGroup = {
  kind: 'group',
  name: 'sluice',
  summary: 'Network policy as a service: the command line.',
  members: [
    ...[loginCommand, logoutCommand],
    ...[publishCommand, diffCommand, planCommand, statusCommand],
    ...[pullCommand, verifyCommand, applyCommand],
    analyze,
    completionCommand(() => PROGRAM),
  ],
};
