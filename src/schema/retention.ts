import { z } from 'zod';
import { KEEP_DAYS_MAX, KEEP_VERSIONS_MAX } from '../domain/retention.js';
import { name } from './parts.js';

export const retentionSchema = z
  .strictObject({
    environment: name.optional().meta({ description: 'Of this one only; of all environments, where absent' }),
    keepVersions: z
      .int()
      .min(1)
      .max(KEEP_VERSIONS_MAX)
      .optional()
      .meta({ description: 'Keep the last so many versions of each environment; the setting, where absent' }),
    keepDays: z
      .int()
      .min(0)
      .max(KEEP_DAYS_MAX)
      .optional()
      .meta({ description: 'Keep the versions that are younger than so many days; the setting, where absent' }),
  })
  .meta({ id: 'RetentionInput', description: 'What to keep beside latest, tagged and deployed versions' });

const remains = z
  .object({
    environment: z.string(),
    removed: z.array(z.int()).meta({ description: 'Numbers of the versions that go, lowest first' }),
    kept: z.int().meta({ description: 'How many versions stay' }),
  })
  .meta({ id: 'RetentionOfEnvironment', description: 'What goes of an environment' });

export const retentionViewSchema = z
  .object({
    keepVersions: z.int().optional().meta({ description: 'What was asked, or else the setting' }),
    keepDays: z.int().optional().meta({ description: 'What was asked, or else the setting' }),
    environments: z.array(remains).meta({ description: 'By name, those that have versions' }),
    complete: z.boolean().meta({ description: 'False where more is to go than one request removes: ask again' }),
    blobs: z.int().meta({ description: 'Representations that no version has any more' }),
    fragments: z.int().meta({ description: 'Pieces of content that nothing is put together of any more' }),
    bytes: z.int().meta({ description: 'What those took' }),
  })
  .meta({ id: 'Retention', description: 'What went, or would go: versions, and the content that only they had' });
