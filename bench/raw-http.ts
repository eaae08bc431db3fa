import { createServer, type OutgoingHttpHeaders } from 'node:http';

/**
 * The baseline: node:http and nothing else. PUT gives it the bytes that it answers every GET with, and in its header `answer` the headers (JSON);
 * a GET with their entity-tag is answered with 304. `/cpu` tells what this process has used, in seconds.
 */
let bytes = Buffer.alloc(0);
let whole: OutgoingHttpHeaders = { 'content-type': 'application/yaml' };
let unchanged: OutgoingHttpHeaders = {};

const server = createServer((request, reply) => {
  if (request.method === 'PUT') {
    whole = JSON.parse(String(request.headers['answer'] ?? '{}')) as OutgoingHttpHeaders;
    unchanged = Object.fromEntries(Object.entries(whole).filter(([name]) => !/^(content-(?!loc)|repr-)/.test(name)));
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      bytes = Buffer.concat(chunks);
      reply.end();
    });
  } else if (request.url === '/cpu') {
    const { user, system } = process.cpuUsage();
    reply.end(String((user + system) / 1e6));
  } else if (whole['etag'] !== undefined && request.headers['if-none-match'] === whole['etag']) {
    reply.writeHead(304, unchanged).end();
  } else {
    reply.writeHead(200, { ...whole, 'content-length': bytes.length }).end(bytes);
  }
});

server.listen(Number(process.argv[2]), '127.0.0.1', () => process.stdout.write('ready\n'));
