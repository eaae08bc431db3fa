import { z } from 'zod';
import { alwaysOfObjects } from './parse.js';
import { cidrBlock, labels, name, namedPorts, unique } from './parts.js';

const tierPlacement = z
  .strictObject({
    tier: name,
    labels: labels.optional(),
    ports: namedPorts.optional(),
    outside: z.array(cidrBlock).min(1).max(256).optional(),
  })
  .superRefine((value, ctx) => {
    if (value.outside === undefined || value.labels === undefined) return;
    const message = 'a tier outside the cluster has no pods, so labels mean nothing: leave out labels or outside';
    ctx.addIssue({ code: 'custom', path: ['labels'], message, params: { code: 'outside-labels' } });
  }, alwaysOfObjects)
  .meta({
    id: 'TierPlacement',
    description: 'How one tier differs in this environment; outside means no pods, but these addresses',
  });

export const placementSchema = z
  .strictObject({
    environment: name,
    application: name,
    namespace: name,
    tiers: z
      .array(tierPlacement)
      .max(256)
      .superRefine(
        unique('tier', (item: { tier: string }) => item.tier),
        alwaysOfObjects,
      )
      .default([]),
  })
  .meta({ id: 'Placement', description: 'Where an application lives in an environment' });
