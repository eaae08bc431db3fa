import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { RequestContext } from '../../platform/context.js';
import { EVENT_STREAM, type EventStream, EventStreams } from '../../platform/http/event-streams.js';
import { negotiate } from '../../platform/http/negotiate.js';
import { Ctx } from '../../platform/http/request.js';
import { Describe } from '../../platform/openapi/describe.js';
import { EventService } from './event.service.js';
import type { Following } from './following.js';

const DESCRIPTION = `Server-Sent Events: one for each published version, in order, none twice.

\`id\` is the number of the version, \`event\` is \`bundle.published\`, \`data\` a line of JSON (schema PublishEvent). With \`Last-Event-ID\` the stream begins with the version after it, without, with the next one that is published. Versions that retention has removed are left out. A comment comes every 20 seconds; the stream ends with its token, with the server process, and where the client does not read: come back with \`Last-Event-ID\`.`;

@Controller('/v1/environments/:environment/events')
export class EventController {
  constructor(
    private readonly events: EventService,
    private readonly streams: EventStreams,
  ) {}

  @Get()
  @Describe({
    id: 'followEnvironment',
    tag: 'Bundles',
    summary: 'Be told of each version that is published',
    description: DESCRIPTION,
    params: { environment: 'Name of the environment' },
    headers: {
      'Last-Event-ID': { description: 'The number of the last version that was told; 0 for all that there are' },
    },
    responses: {
      200: { description: 'A stream of events', content: { [EVENT_STREAM]: { schema: { type: 'string' } } } },
    },
  })
  async follow(
    @Ctx() ctx: RequestContext,
    @Param('environment') environment: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    negotiate(request.headers.accept, [EVENT_STREAM]);
    const last = request.headers['last-event-id'];
    const following = await this.events.follow(ctx, environment, last === '' ? undefined : last?.toString());
    const stream = await this.streams.open(request, reply);
    if (stream !== undefined) void send(following, stream);
  }
}

/** Until either of them ends. Where something fails the stream ends: who comes back goes on from there, or is told what is wrong. */
async function send(following: Following, stream: EventStream): Promise<void> {
  stream.onEnd(() => void following.return());
  try {
    for await (const page of following)
      await stream.send(
        page.map((event) => ({ id: event.version, event: 'bundle.published', data: JSON.stringify(event) })),
      );
  } catch {
    // told by the end of the stream
  }
  stream.end();
}
