import { formatPort } from '../../../model/ports.js';
import type { ModelRule } from '../model-facts.js';

/** Answers that do not fit a UDP packet are asked for again over TCP. https://www.rfc-editor.org/rfc/rfc7766 */
export const profileDnsWithoutTcp: ModelRule = {
  code: 'dns-without-tcp',
  severity: 'info',
  what: 'A profile with DNS over UDP only: long answers are asked for again over TCP, and fail.',
  mend: 'Add the TCP port beside the UDP port to profile.dns.ports.',
  find: ({ snapshot: { environment } }) => {
    const ports = environment.profile.dns?.ports ?? [];
    const isUdpOnly =
      ports.some(({ protocol }) => protocol === 'UDP') && !ports.some(({ protocol }) => protocol === 'TCP');
    if (!isUdpOnly) return [];
    return [
      {
        path: 'profile/dns/ports',
        message: `environment "${environment.name}" lets tiers ask DNS over UDP only: long answers fail`,
        value: ports.map(formatPort).join(', '),
      },
    ];
  },
};
