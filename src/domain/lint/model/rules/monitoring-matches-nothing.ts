import { someOf } from '../../rule.js';
import type { ModelRule } from '../model-facts.js';

/** Monitoring reaches tiers by the names of their ports: where no port has one of them it reaches nobody. */
export const monitoringMatchesNothing: ModelRule = {
  code: 'monitoring-matches-nothing',
  severity: 'warning',
  what: 'A profile with monitoring whose port names no placed tier has: nothing is opened for it.',
  mend: 'Name the ports that are scraped in the tiers, or correct profile.monitoring.portNames.',
  find: ({ snapshot: { environment }, tiers }) => {
    const { monitoring } = environment.profile;
    const placed = [...tiers.values()].filter(({ kind }) => kind === 'pods');
    if (monitoring === null || placed.length === 0) return [];
    if (placed.some(({ ports }) => ports.some(({ name }) => monitoring.portNames.includes(name)))) return [];
    return [
      {
        path: 'profile/monitoring/portNames',
        message: `no tier placed in environment "${environment.name}" has a port called ${someOf(monitoring.portNames.map((name) => `"${name}"`)) || 'by one of its names'}: monitoring reaches nobody`,
        value: monitoring.portNames.join(', '),
      },
    ];
  },
};
