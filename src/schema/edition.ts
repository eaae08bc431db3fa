import { z } from 'zod';

export const edition = z
  .object({ environment: z.string(), version: z.union([z.int(), z.literal('draft')]), digest: z.string() })
  .meta({ id: 'Edition', description: 'A version, or the working model as draft' });
