import { z } from 'zod';

export const applySetSchema = z
  .object({
    id: z.string().meta({ description: 'The value of the label applyset.kubernetes.io/part-of of its members' }),
    kind: z.literal('ConfigMap'),
    namespace: z.string(),
    name: z.string(),
  })
  .meta({
    id: 'ApplySet',
    description: 'What kubectl prunes by: the id of a set of objects, and the object that stands for it',
  });
