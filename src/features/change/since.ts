import { z } from 'zod';
import { instant } from '../../schema/parts.js';

/** From where on to read the change log: after a revision, or from a time on. */
export const since = z
  .string()
  .refine(
    (text) => /^[0-9]{1,15}$/.test(text) || instant.safeParse(text).success,
    'use a revision, or a time as in 2026-01-02T03:04:05Z',
  )
  .transform((text) => (/^[0-9]+$/.test(text) ? Number(text) : new Date(text)))
  .meta({ type: 'string' });
