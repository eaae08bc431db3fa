import { formatPort } from '../../../model/ports.js';
import { someOf } from '../../rule.js';
import type { ModelRule } from '../model-facts.js';

/** A profile without any DNS is for the proof to name. */
export const profileDnsUnreachable: ModelRule = {
  code: 'dns-unreachable',
  severity: 'warning',
  what: 'A profile with DNS but without a UDP port for it: names are asked for over UDP.',
  mend: 'Add the UDP port of the DNS pods to profile.dns.ports: 53, or 5353 on OpenShift.',
  find: ({ snapshot: { environment } }) => {
    const ports = environment.profile.dns?.ports;
    if (ports === undefined || ports.some(({ protocol }) => protocol === 'UDP')) return [];
    const has = ports.length === 0 ? 'no port' : `only ${someOf(ports.map(formatPort))}`;
    return [
      {
        path: 'profile/dns/ports',
        message: `environment "${environment.name}" has ${has} for DNS: names are asked for over UDP, so no tier can look up a name`,
        value: ports.map(formatPort).join(', '),
      },
    ];
  },
};
