import type { z } from 'zod';
import {
  analysisChangesSchema,
  analysisConnectionsSchema,
  analysisDiffSchema,
  analysisExplainSchema,
  analysisExplanationSchema,
  analysisExposureSchema,
} from './analysis.js';
import { applicationSchema } from './application.js';
import {
  bundleDiffSchema,
  bundleSchema,
  connectionsSchema,
  pathsSchema,
  previewSchema,
  publishEventSchema,
  promotionSchema,
  publishSchema,
  rollbackSchema,
} from './bundle.js';
import { changeSchema } from './change.js';
import { deploymentSchema, reportSchema } from './deployment.js';
import { environmentSchema } from './environment.js';
import { flowSchema } from './flow.js';
import { keySetSchema } from './key-set.js';
import { analysisLintSchema } from './lint.js';
import { peerSchema } from './peer.js';
import { placementSchema } from './placement.js';
import { inventorySchema, planSchema } from './plan.js';
import { retentionSchema, retentionViewSchema } from './retention.js';
import { tagSchema } from './tag.js';
import { teamSchema } from './team.js';
import { tierSchema } from './tier.js';
import { tokenSchema, tokenViewSchema } from './token.js';
import { verdictSchema } from './verdict.js';
import {
  createdWebhookSchema,
  deliverySchema as webhookDeliverySchema,
  nothingSchema,
  rotationSchema,
  webhookKeySchema,
  webhookSchema,
} from './webhook.js';

/** Every shape that goes over the wire; those they are made of come along. */
export const SCHEMAS: readonly z.ZodType[] = [
  teamSchema,
  applicationSchema,
  tierSchema,
  peerSchema,
  environmentSchema,
  placementSchema,
  flowSchema,
  publishSchema,
  promotionSchema,
  rollbackSchema,
  bundleSchema,
  publishEventSchema,
  previewSchema,
  bundleDiffSchema,
  planSchema,
  inventorySchema,
  connectionsSchema,
  pathsSchema,
  verdictSchema,
  reportSchema,
  deploymentSchema,
  tagSchema,
  retentionSchema,
  retentionViewSchema,
  changeSchema,
  tokenSchema,
  tokenViewSchema,
  webhookSchema,
  createdWebhookSchema,
  webhookKeySchema,
  rotationSchema,
  nothingSchema,
  webhookDeliverySchema,
  keySetSchema,
  analysisConnectionsSchema,
  analysisDiffSchema,
  analysisChangesSchema,
  analysisExplainSchema,
  analysisExplanationSchema,
  analysisExposureSchema,
  analysisLintSchema,
];
