import { Body, Controller, Delete, Get, HttpCode, Param, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { RequestContext } from '../../platform/context.js';
import { nextUrl } from '../../platform/http/page.js';
import { Ctx, pagingQuery, ParsedQuery, writeQuery } from '../../platform/http/request.js';
import { Describe, jsonOf, pageOf } from '../../platform/openapi/describe.js';
import { RESULTS } from '../../schema/deployment.js';
import { DeploymentService } from './deployment.service.js';

const listQuery = pagingQuery.extend({
  result: z.enum(RESULTS).optional().meta({ description: 'What the last report says' }),
  behind: z.enum(['true', 'false']).optional().meta({
    description: 'true: those that do not run the latest version, or none at all; false: those that do',
  }),
});

const ENVIRONMENT = { environment: 'Name of the environment' };
const CLUSTER = { ...ENVIRONMENT, cluster: 'Name of the cluster, as it reports itself' };

@Controller('/v1/environments/:environment/deployments')
export class DeploymentController {
  constructor(private readonly deployments: DeploymentService) {}

  @Get()
  @Describe({
    id: 'listDeployments',
    tag: 'Deployments',
    summary: 'Who runs which version, since when, who is behind, who failed',
    description:
      'The clusters that reported lately, by name: what each one runs, how far it is behind, and what it said last.',
    params: ENVIRONMENT,
    query: listQuery,
    responses: { 200: { description: 'One page', content: pageOf('Deployment'), headers: ['Link'] } },
  })
  async list(
    @Ctx() ctx: RequestContext,
    @Param('environment') environment: string,
    @ParsedQuery(listQuery) { result, behind, ...paging }: z.output<typeof listQuery>,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object> {
    const filter = { result, behind: behind === undefined ? undefined : behind === 'true' };
    const page = await this.deployments.list(ctx, environment, filter, paging);
    if (page.nextPageToken !== undefined)
      void reply.header('link', `<${nextUrl(request.url, page.nextPageToken)}>; rel="next"`);
    return page;
  }

  @Post()
  @Describe({
    id: 'reportDeployment',
    tag: 'Deployments',
    summary: 'Report what came of a version in a cluster',
    description:
      'Needs no more than the scope read, for this environment: a report says what its sender did, and changes neither the model nor its versions. It is not in the change log.',
    params: ENVIRONMENT,
    query: writeQuery,
    headers: {
      'Idempotency-Key': { description: 'The same key and body: the stored reply; another body: 422; in flight: 409' },
    },
    body: { description: 'The report', content: jsonOf('DeploymentReportInput') },
    responses: {
      200: { description: 'The cluster as it stands now', content: jsonOf('Deployment'), headers: ['Location'] },
      201: { description: 'The same, of a cluster that is new', content: jsonOf('Deployment'), headers: ['Location'] },
    },
  })
  async report(
    @Ctx() ctx: RequestContext,
    @Param('environment') environment: string,
    @ParsedQuery(writeQuery) _query: unknown,
    @Body() raw: unknown,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object> {
    const { deployment, created } = await this.deployments.report(ctx, environment, raw);
    void reply.status(created ? 201 : 200);
    void reply.header('location', `/v1/environments/${environment}/deployments/${deployment.cluster}`);
    return deployment;
  }

  @Get(':cluster')
  @Describe({
    id: 'getDeployment',
    tag: 'Deployments',
    summary: 'What one cluster runs, and what it said last',
    params: CLUSTER,
    responses: { 200: { description: 'The cluster', content: jsonOf('Deployment') } },
  })
  get(
    @Ctx() ctx: RequestContext,
    @Param('environment') environment: string,
    @Param('cluster') cluster: string,
  ): Promise<object> {
    return this.deployments.get(ctx, environment, cluster);
  }

  @Delete(':cluster')
  @HttpCode(204)
  @Describe({
    id: 'forgetDeployment',
    tag: 'Deployments',
    summary: 'Forget a cluster that is gone',
    params: CLUSTER,
    query: writeQuery,
    responses: { 204: { description: 'Forgotten; one that is not gone is back with its next report' } },
  })
  forget(
    @Ctx() ctx: RequestContext,
    @Param('environment') environment: string,
    @Param('cluster') cluster: string,
    @ParsedQuery(writeQuery) _query: unknown,
  ): Promise<void> {
    return this.deployments.forget(ctx, environment, cluster);
  }
}
