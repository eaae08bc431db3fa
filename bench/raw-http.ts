import { createServer } from 'node:http';

/** The baseline: node:http and nothing else. PUT gives it the bytes that it answers every GET with. */
let bytes = Buffer.alloc(0);

const server = createServer((request, reply) => {
  if (request.method !== 'PUT') {
    reply.writeHead(200, { 'content-type': 'application/yaml', 'content-length': bytes.length });
    reply.end(bytes);
    return;
  }
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    bytes = Buffer.concat(chunks);
    reply.end();
  });
});

server.listen(Number(process.argv[2]), '127.0.0.1', () => process.stdout.write('ready\n'));
