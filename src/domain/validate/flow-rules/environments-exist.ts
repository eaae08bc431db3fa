import type { FlowRule } from '../flow-facts.js';
import { missingNames } from '../references.js';

/** Every environment that the flow names exists. */
export const environmentsExist: FlowRule = ({ name, flow, environments }) =>
  missingNames('#/environments', 'environment', flow.environments ?? [], environments, `flow "${name}"`);
