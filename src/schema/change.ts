import { z } from 'zod';

export const changeSchema = z
  .object({
    revision: z.int().meta({ description: 'The revision that this write made' }),
    at: z.iso.datetime(),
    actor: z.string(),
    reason: z.string().optional(),
    resource: z.string(),
    name: z.string(),
    action: z.enum(['create', 'update', 'delete']),
    before: z.looseObject({}).optional(),
    after: z.looseObject({}).optional(),
  })
  .meta({ id: 'Change', description: 'One write of the model' });
