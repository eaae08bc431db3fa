import type { FlowRule } from '../flow-facts.js';
import { missingNames } from '../references.js';

/** Every environment that the flow names exists. */
export const environmentsExist: FlowRule = ({ name, lists, environments }) =>
  missingNames('#/environments', 'environment', lists.environments ?? [], environments, `flow "${name}"`);
