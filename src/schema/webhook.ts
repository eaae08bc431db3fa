import { z } from 'zod';
import { SIGNATURES } from '../domain/model/webhook.js';
import { EVENT_TYPES } from '../domain/webhook/event.js';
import { URL_MAX, webhookUrl } from '../domain/webhook/webhook-url.js';
import { byGrammar } from './parse.js';
import { described, name, names } from './parts.js';

/** What a delivery can have come to. */
export const DELIVERY_STATES = ['pending', 'delivered', 'failed'] as const;

/** How long the key before goes on signing, in hours. */
export const KEEP_HOURS = 24;
const KEEP_HOURS_MAX = 168;

const URL_EXAMPLE = 'https://hooks.example.com/sluice';
const SECRET_EXAMPLE = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

const fields = {
  name,
  url: z.string().max(URL_MAX).superRefine(byGrammar(webhookUrl)).meta({
    format: 'uri',
    description: 'Where to: https, without user name and fragment; http only to the networks of SLUICE_WEBHOOK_ALLOW',
  }),
  environments: names
    .min(1, 'an empty list means nowhere: leave environments out for all of them')
    .optional()
    .meta({ description: 'Of which environments it is told; of all of them, where absent' }),
  enabled: z
    .boolean()
    .default(true)
    .meta({ description: 'false: nothing is sent, and what is published meanwhile is not sent later' }),
  signature: z.enum(SIGNATURES).default('hmac').meta({
    description:
      'hmac: by a secret that both sides hold (v1); ed25519: by a key of which the receiver has the public half (v1a)',
  }),
  ...described,
};

const EXAMPLE = { name: 'deployer', url: URL_EXAMPLE, environments: ['prod'], enabled: true, signature: 'hmac' };

export const webhookSchema = z.strictObject(fields).meta({
  id: 'Webhook',
  description: 'A receiver that is told of what is published, as the Standard Webhooks specification has it',
  examples: [EXAMPLE],
});

const shownOnce = {
  secret: z.string().optional().meta({ description: 'whsec_ and base64: shown once, in this reply (hmac)' }),
  publicKey: z.string().optional().meta({ description: 'whpk_ and base64 (ed25519)' }),
};

export const createdWebhookSchema = z.object({ ...fields, ...shownOnce }).meta({
  id: 'CreatedWebhook',
  description: 'A webhook, and what its receiver verifies deliveries with',
  examples: [{ ...EXAMPLE, secret: SECRET_EXAMPLE }],
});

export const rotationSchema = z
  .strictObject({
    keepHours: z.int().min(0).max(KEEP_HOURS_MAX).default(KEEP_HOURS).meta({
      description: 'How long the key before goes on signing beside the new one; 0 after a leak',
    }),
  })
  .meta({ id: 'WebhookRotation', description: 'How to change over to a new key' });

/** Of a request that says all by its path: what is in it would not be heeded. */
export const nothingSchema = z.strictObject({}).meta({ id: 'Nothing', description: 'An object without fields' });

export const webhookKeySchema = z
  .object({
    id: z.string(),
    signature: z.enum(SIGNATURES),
    ...shownOnce,
    createdAt: z.iso.datetime(),
    createdBy: z.string(),
    expiresAt: z.iso.datetime().optional().meta({ description: 'Until then it signs; without end, where absent' }),
  })
  .meta({ id: 'WebhookKey', description: 'What deliveries are signed with' });

const attempt = z
  .object({
    number: z.int().meta({ description: 'From 1 on' }),
    at: z.iso.datetime(),
    durationMs: z.int(),
    status: z.int().optional().meta({ description: 'What the receiver answered: only 2xx is success' }),
    error: z.string().optional().meta({ description: 'Why there was no answer' }),
  })
  .meta({ id: 'WebhookAttempt', description: 'One try to deliver' });

export const deliverySchema = z
  .object({
    id: z.string().meta({ description: 'The header webhook-id: the same at every attempt' }),
    webhook: z.string(),
    type: z.enum(EVENT_TYPES),
    body: z.string().meta({ description: 'What is sent, byte for byte: JSON of type, timestamp and data' }),
    state: z.enum(DELIVERY_STATES),
    createdAt: z.iso.datetime(),
    dueAt: z.iso
      .datetime()
      .optional()
      .meta({ description: 'When it is tried next, or to be given up by whoever tries now' }),
    settledAt: z.iso.datetime().optional().meta({ description: 'When it was delivered, or given up' }),
    attempts: z.array(attempt),
  })
  .meta({ id: 'WebhookDelivery', description: 'An event on its way to a receiver' });
