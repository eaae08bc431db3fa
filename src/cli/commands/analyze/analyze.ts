import type { CommandGroup } from '../../command.js';
import { diffCommand } from './diff.js';
import { explainCommand } from './explain.js';
import { connectionsCommand, exposureCommand } from './of-manifests.js';

/** Questions about any Kubernetes manifests: no server, no database, nothing stored. */
export const analyze: CommandGroup = {
  kind: 'group',
  name: 'analyze',
  summary: 'What Kubernetes manifests and their NetworkPolicies allow.',
  members: [connectionsCommand, diffCommand, explainCommand, exposureCommand],
};
