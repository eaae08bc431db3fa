import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import type { RequestContext } from '../../platform/context.js';
import { Ctx, ParsedQuery, writeQuery } from '../../platform/http/request.js';
import { Describe, jsonOf } from '../../platform/openapi/describe.js';
import { RetentionService } from './retention.service.js';

@Controller('/v1/retention')
export class RetentionController {
  constructor(private readonly retention: RetentionService) {}

  @Post()
  @HttpCode(200)
  @Describe({
    id: 'applyRetention',
    tag: 'Retention',
    summary: 'Remove the versions that nothing keeps, and the content that only they had',
    description:
      'Kept are the latest version of each environment, versions that are tagged or that a cluster reported, the last `keepVersions`, and those younger than `keepDays`; all, where ' +
      'neither is asked or set. `?dryRun=true` says what would go.',
    query: writeQuery,
    headers: {
      'Idempotency-Key': { description: 'The same key and body: the stored reply; another body: 422; in flight: 409' },
      'Sluice-Reason': { description: 'Why: kept with the numbers of the versions, and told to those who ask for one' },
    },
    body: {
      description: 'What to keep; the settings, where absent',
      required: false,
      content: jsonOf('RetentionInput'),
    },
    responses: { 200: { description: 'What went, or would go', content: jsonOf('Retention') } },
  })
  apply(@Ctx() ctx: RequestContext, @ParsedQuery(writeQuery) _query: unknown, @Body() body: unknown): Promise<object> {
    return this.retention.apply(ctx, body);
  }
}
