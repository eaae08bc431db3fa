import { z } from 'zod';
import { DEFAULT_DNS, DEFAULT_PROFILE } from '../domain/model/entities.js';
import { portName } from '../domain/model/ports.js';
import { byGrammar } from './parse.js';
import { cidrText, described, name, portRange, selector } from './parts.js';

const dns = z
  .strictObject({
    namespaceSelector: selector.default(DEFAULT_DNS.namespaceSelector as z.output<typeof selector>),
    podSelector: selector.default(DEFAULT_DNS.podSelector as z.output<typeof selector>),
    ports: z
      .array(portRange)
      .min(1)
      .max(16)
      .default([...DEFAULT_DNS.ports]),
    nodeLocalCidrs: z.array(cidrText).max(64).optional(),
  })
  .meta({ id: 'DnsProfile', description: 'How pods of this cluster resolve names' });

const monitoring = z
  .strictObject({
    namespaceSelector: selector,
    podSelector: selector.default({}),
    portNames: z
      .array(z.string().superRefine(byGrammar(portName)))
      .min(1)
      .max(16)
      .default(['metrics']),
  })
  .meta({ id: 'MonitoringProfile', description: 'Pods that may reach every tier with a port of one of these names' });

const profile = z
  .strictObject({
    defaultDeny: z.boolean().default(DEFAULT_PROFILE.defaultDeny),
    dns: dns
      .nullable()
      .default(DEFAULT_DNS as z.output<typeof dns>)
      .meta({
        description:
          'null: no DNS rule, in a PUT and in a PATCH alike; absent: kube-dns in a PUT, as it stands in a PATCH',
      }),
    nodeCidrs: z.array(cidrText).max(256).default([]),
    apiServerCidrs: z.array(cidrText).max(256).default([]),
    monitoring: monitoring.nullable().default(null),
  })
  .meta({
    id: 'Profile',
    description: 'The facts of a cluster that make rendering right; dns null renders no DNS rule',
  });

export const environmentSchema = z
  .strictObject({ name, profile: profile.default(DEFAULT_PROFILE as z.output<typeof profile>), ...described })
  .meta({ id: 'Environment', description: 'A cluster, or part of one, with its own placements, profile and versions' });
