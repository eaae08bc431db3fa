import type { ModelRule } from '../model-facts.js';

/** The default deny is what makes a tier without a flow, and a pod of no tier, closed. */
export const profileNoDefaultDeny: ModelRule = {
  code: 'no-default-deny',
  severity: 'warning',
  what: 'An environment whose profile turns the default deny off: pods of no tier are open, and tiers without an inbound flow are.',
  mend: 'Set profile.defaultDeny to true once every workload of the namespaces is a tier.',
  find: ({ snapshot: { environment, placements } }) =>
    environment.profile.defaultDeny || placements.length === 0
      ? []
      : [
          {
            path: 'profile/defaultDeny',
            message: `environment "${environment.name}" renders no default deny: pods of no tier, and tiers that no flow leads to, are open to everyone`,
            value: 'false',
          },
        ],
};
