import { z } from 'zod';
import { MISSING, SIDE_BASES } from '../domain/verdict/verdict.js';
import { flowSchema } from './flow.js';

const ports = z.array(z.object({ protocol: z.string(), port: z.int(), endPort: z.int().optional() }));

const end = z
  .union([z.object({ tier: z.string() }), z.object({ peer: z.string() }), z.object({ addresses: z.string() })])
  .meta({ id: 'VerdictEnd', description: 'A tier, a peer, or an address or CIDR' });

const rule = z.object({
  rule: z.int().meta({ description: 'Its number in the object, from 1' }),
  ports,
  flows: z.array(z.string()).meta({ description: 'The flows that it came from' }),
  profile: z.array(z.enum(['dns', 'monitoring'])).meta({ description: 'What it came from of the profile' }),
});

const object = z.object({
  policy: z.string().meta({ description: 'namespace/name of a NetworkPolicy that isolates the subject' }),
  ports: ports.meta({ description: 'On which it lets the other end through' }),
  rules: z.array(rule).meta({ description: 'Those that let it through, on the port that was asked about' }),
});

const side = z
  .object({
    subject: z.string(),
    basis: z.enum(SIDE_BASES).meta({
      description:
        'policies: objects isolate it; default-allow: none does; outside-cluster: no policy holds there; peer: its side is not ruled by Sluice; absent: it is not there',
    }),
    ports: ports.meta({ description: 'On which this side lets the connection through' }),
    objects: z.array(object),
  })
  .meta({ id: 'VerdictSide', description: 'Egress of the source, or ingress of the destination' });

const authored = z
  .object({ actor: z.string(), at: z.iso.datetime(), revision: z.int(), reason: z.string().optional() })
  .meta({ id: 'Authored', description: 'Who wrote it, when and why, as the change log has it' });

const flow = flowSchema.extend({
  declared: authored.optional(),
  changed: authored.optional().meta({ description: 'The last change since, where there was one' }),
  publishedSince: z
    .int()
    .nullable()
    .meta({ description: 'The first version that has the flow as it stands here; null: none yet' }),
});

const missing = z
  .object({
    code: z.enum(MISSING),
    direction: z.enum(['egress', 'ingress']).optional(),
    subject: z.string(),
    objects: z.array(z.string()).meta({ description: 'namespace/name of those that isolate the subject' }),
    flows: z.array(z.string()).meta({ description: 'Flows between the two ends' }),
    why: z.string().meta({ description: 'What the model lacks' }),
    detail: z.string().meta({ description: 'What the objects do' }),
  })
  .meta({ id: 'VerdictMissing', description: 'One thing that stands in the way' });

const mend = z
  .object({
    method: z.enum(['POST', 'PUT', 'PATCH']),
    path: z.string(),
    body: z.looseObject({}).optional().meta({ description: 'Absent where only people know what to say' }),
    detail: z.string(),
  })
  .meta({ id: 'Mend', description: 'One write of the model that would help' });

const finding = z.object({ code: z.string(), severity: z.string(), path: z.string(), message: z.string() });

export const verdictSchema = z
  .object({
    environment: z.string(),
    version: z.union([z.int(), z.literal('draft')]),
    revision: z.int().meta({ description: 'The revision of the model that the answer is of' }),
    from: end,
    to: end,
    port: z
      .object({
        protocol: z.string(),
        port: z.int(),
        endPort: z.int().optional(),
        name: z.string().optional(),
      })
      .optional()
      .meta({ description: 'As it was asked about' }),
    allowed: z
      .boolean()
      .meta({ description: 'Of the port that was asked about; without one, whether there is any port' }),
    ports: ports.meta({ description: 'Every port on which the one may reach the other' }),
    egress: side,
    ingress: side,
    flows: z.array(flow).meta({ description: 'The flows behind it: those that name both ends first' }),
    missing: z.array(missing).meta({ description: 'What stands in the way, where it is denied' }),
    mends: z.array(mend).meta({ description: 'The smallest change that would allow it, in order' }),
    caveats: z.array(finding).meta({ description: 'Where a cluster may behave otherwise' }),
    sentences: z.array(z.string()).meta({ description: 'The same in words; text/plain has these only' }),
  })
  .meta({ id: 'Verdict', description: 'May one reach the other, and why' });
