import { z } from 'zod';
import { STEP_ACTIONS, STEP_REASONS } from '../domain/plan/step.js';
import { applySetSchema } from './apply-set.js';
import { edition } from './edition.js';

const step = z
  .object({
    number: z.int().min(1),
    action: z.enum(STEP_ACTIONS),
    reason: z.enum(STEP_REASONS),
    namespace: z.string(),
    name: z.string(),
    why: z.string().meta({ description: 'In a sentence' }),
    object: z
      .looseObject({})
      .optional()
      .meta({ description: 'The NetworkPolicy to apply; absent where one is deleted' }),
  })
  .meta({ id: 'PlanStep', description: 'One object to create, change or delete' });

const prune = z
  .object({
    namespace: z.string(),
    objects: z.array(z.string()),
    namespaceLeaves: z.boolean().meta({ description: 'The later version has nothing in this namespace' }),
  })
  .meta({ id: 'Prune', description: 'NetworkPolicies of a namespace that the later version does not have' });

export const planSchema = z
  .object({
    environment: z.string(),
    from: edition.optional().meta({ description: 'Absent: from an empty cluster' }),
    to: edition,
    steps: z.array(step),
    prune: z.array(prune),
  })
  .meta({
    id: 'Plan',
    description: 'The way from one version to another, so that at no step a connection is denied that both allow',
  });

export const inventorySchema = z
  .object({
    environment: z.string(),
    version: z.union([z.int(), z.literal('draft')]),
    digest: z.string(),
    objects: z.int().meta({ description: 'How many objects there are' }),
    applySet: applySetSchema,
    namespaces: z.array(z.object({ namespace: z.string(), objects: z.array(z.string()), applySet: applySetSchema })),
    prune: z.array(prune).optional().meta({ description: 'Against the version `from`' }),
  })
  .meta({ id: 'Inventory', description: 'Every object of a version, by namespace' });
