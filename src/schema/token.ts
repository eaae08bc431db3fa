import { z } from 'zod';
import { SCOPES } from '../domain/scope.js';
import { alwaysOfObjects } from './parse.js';
import { instant, name, text, unique } from './parts.js';

export const tokenSchema = z
  .strictObject({
    name: name.meta({ description: 'Who this is: the change log names it. Unique among the tokens that live' }),
    scopes: z
      .array(z.enum(SCOPES))
      .min(1)
      .superRefine(
        unique('scope', (scope) => scope),
        alwaysOfObjects,
      ),
    environment: name.optional().meta({ description: 'Binds the token to one environment' }),
    expiresAt: instant.optional().meta({ description: 'RFC 3339; never, where absent' }),
  })
  .meta({ id: 'TokenInput', description: 'A new token' });

/** As it is shown: never its secret, but once, in the reply to its creation. */
export const tokenViewSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    scopes: z.array(z.enum(SCOPES)),
    environment: z.string().optional(),
    createdBy: z.string(),
    createdAt: z.iso.datetime(),
    reason: text(1000).optional(),
    expiresAt: z.iso.datetime().optional(),
    lastUsedAt: z.iso.datetime().optional(),
    revokedAt: z.iso.datetime().optional(),
    revokedBy: z.string().optional(),
    token: z.string().optional().meta({ description: 'Shown once, in the reply to the creation' }),
  })
  .meta({ id: 'Token', description: 'A token of the API' });
