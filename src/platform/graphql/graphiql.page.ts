import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import type { FastifyInstance } from 'fastify';
import { introspectionFromSchema, type GraphQLSchema } from 'graphql';

/** The page brings its scripts, styles, fonts and workers with it: nothing comes from another host, and nothing may. */
const POLICY = [
  "default-src 'none'",
  "script-src 'unsafe-inline' blob:",
  'worker-src blob:',
  "style-src 'unsafe-inline'",
  'font-src data:',
  'img-src data:',
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const QUERY = `# Paste a token into the tab "Headers" below, then run this query.
query WhoTalksToWhom {
  teams(first: 10) {
    nodes {
      name
      applications {
        name
        tiers {
          name
          ports { name protocol port }
          inbound {
            name
            reason
            source {
              ... on Tier { ref }
              ... on Peer { name kind }
            }
            networkPolicies { namespace name bundle { version environment { name } } }
          }
        }
      }
    }
  }
}
`;

const compress = promisify(gzip);
const decompress = promisify(gunzip);

/**
 * GraphiQL, open to everyone as the API's description is; what it asks needs a token. The page is 9 MB, so it is not loaded before
 * someone wants it, and is kept compressed.
 */
export function registerGraphiQL(fastify: FastifyInstance): void {
  let page: Promise<Buffer> | undefined;
  fastify.get('/graphiql', async (request, reply) => {
    const bytes = await (page ??= compress(await renderPage(fastify.graphql.schema)));
    const zipped = /\bgzip\b/.test(String(request.headers['accept-encoding'] ?? ''));
    void reply.headers({
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': POLICY,
      'cache-control': 'no-cache',
      vary: 'Accept-Encoding',
      ...(zipped ? { 'content-encoding': 'gzip' } : {}),
    });
    return reply.send(zipped ? bytes : await decompress(bytes));
  });
}

async function renderPage(schema: GraphQLSchema): Promise<string> {
  const { renderGraphiQL } = await import('@graphql-yoga/render-graphiql');
  const options = {
    title: 'Sluice GraphiQL',
    endpoint: '/graphql',
    subscriptionsProtocol: 'SSE' as const,
    headers: JSON.stringify({ Authorization: 'Bearer slc_...' }, undefined, 2),
    defaultEditorToolsVisibility: 'headers' as const,
    defaultQuery: QUERY,
    // So that the documentation and the completion work before there is a token.
    schema: introspectionFromSchema(schema),
  };
  return renderGraphiQL(options);
}
