import { z } from 'zod';
import { dnsLabel, quote } from '../domain/model/names.js';
import { portName } from '../domain/model/ports.js';
import type { Violation } from '../domain/model/violation.js';
import { byGrammar } from './parse.js';
import { described, name, names, portRange, text } from './parts.js';

/** `application/tier`, both DNS labels. */
export function tierReference(reference: string): Violation | undefined {
  const parts = reference.split('/');
  if (parts.length === 2 && parts.every((part) => dnsLabel(part) === undefined)) return undefined;
  return {
    code: 'tier-reference',
    detail: `${quote(reference)} is not a tier: write application/tier, as in shop/frontend`,
  };
}

export const tierRefText = z.string().superRefine(byGrammar(tierReference)).meta({
  pattern: '^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?/[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$',
  description: 'application/tier',
});

const endpoint = z
  .union([z.strictObject({ tier: tierRefText }), z.strictObject({ peer: name })], {
    error: 'an end of a flow is {"tier": "application/tier"} or {"peer": "name"}',
  })
  .meta({ id: 'Endpoint', description: 'One end of a flow: a tier or a peer' });

const flowPort = z
  .union([z.string().superRefine(byGrammar(portName)), portRange], {
    error: 'a port is the name of a port of the destination tier, or {"protocol", "port", "endPort"?}',
  })
  .meta({ id: 'FlowPort', description: 'The name of a port of the destination tier, or a number' });

export const flowSchema = z
  .strictObject({
    name,
    from: endpoint,
    to: endpoint,
    ports: z.array(flowPort).min(1, 'a flow needs at least one port').max(256),
    environments: names.min(1, 'an empty list means nowhere: leave environments out for all of them').optional(),
    reason: text(1000).optional(),
    ...described,
  })
  .meta({ id: 'Flow', description: 'One allowed connection: egress of its source, ingress of its destination' });
