import { z } from 'zod';
import { findingSchema } from './bundle.js';

export const analysisLintSchema = z
  .object({
    findings: z.array(findingSchema),
    counts: z.object({ error: z.int(), warning: z.int(), info: z.int() }),
  })
  .meta({ id: 'AnalysisLint', description: 'What is worth a look in manifests, worst first' });
