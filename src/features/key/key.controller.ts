import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { SluiceError } from '../../domain/errors.js';
import { quote } from '../../domain/model/names.js';
import { digest } from '../../domain/render/digest.js';
import { noneMatchHits } from '../../platform/http/preconditions.js';
import type { PublishedKey } from '../../platform/keys/key.js';
import { keySet } from '../../platform/keys/key-set.js';
import { type Purpose, SigningKeys } from '../../platform/keys/signing-keys.js';
import { type OperationDoc, Describe, ref } from '../../platform/openapi/describe.js';

const PEM = 'application/x-pem-file';
const KEY_SET = 'application/jwk-set+json';
const BODIES = { [PEM]: { schema: { type: 'string' } }, [KEY_SET]: { schema: ref('KeySet') } };

/** Long enough to spare polling, short enough for a key that is added before it signs. */
const CACHE_CONTROL = 'public, max-age=300';

function doc(id: string, summary: string, type: keyof typeof BODIES): OperationDoc {
  const headers = ['ETag', 'Cache-Control'] as const;
  const found = { description: 'The keys', content: { [type]: BODIES[type] ?? {} }, headers };
  return {
    id,
    tag: 'Keys',
    summary,
    open: true,
    responses: { 200: found, 304: { description: 'Unchanged (If-None-Match)' } },
  };
}

/** The public keys of what is published: open to everyone, as whoever verifies need not be let in. */
@Controller('/.well-known/sluice')
export class KeyController {
  constructor(private readonly keys: SigningKeys) {}

  @Get('cosign.pub')
  @Describe(doc('getReleaseKeys', 'The keys that sign releases, as PEM; the newest first', PEM))
  release(@Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    send(request, reply, PEM, pemOf(this.demand('release')));
  }

  @Get('attestation.pub')
  @Describe(
    doc('getAttestationKeys', 'The keys that sign how versions came to be, as PEM; never to verify releases with', PEM),
  )
  attestation(@Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    send(request, reply, PEM, pemOf(this.demand('attestation')));
  }

  @Get('jwks.json')
  @Describe(doc('getReleaseKeySet', 'The keys that sign releases, as a JWK Set', KEY_SET))
  releaseSet(@Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    send(request, reply, KEY_SET, JSON.stringify(keySet(this.keys.release.published)));
  }

  @Get('attestation-jwks.json')
  @Describe(doc('getAttestationKeySet', 'The keys that sign how versions came to be, as a JWK Set', KEY_SET))
  attestationSet(@Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    send(request, reply, KEY_SET, JSON.stringify(keySet(this.keys.attestation.published)));
  }

  @Get('keys/:key')
  @Describe({
    ...doc('getKey', 'One key, as PEM: cosign reads one from a file', PEM),
    params: { key: 'The kid of the key in base64url without padding, and .pub' },
  })
  one(@Param('key') file: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    const all = [...this.keys.release.published, ...this.keys.attestation.published];
    const key = all.find(({ name }) => file === `${name}.pub`);
    if (key === undefined) throw missing(`key ${quote(file)} does not exist: jwks.json has the names of all`);
    send(request, reply, PEM, key.pem);
  }

  private demand(purpose: Purpose): readonly PublishedKey[] {
    const { published } = this.keys[purpose];
    if (published.length > 0) return published;
    throw missing(`this server has no ${purpose} key, so it signs no ${purpose}s`);
  }
}

function pemOf(keys: readonly PublishedKey[]): string {
  return keys.map(({ pem }) => pem).join('');
}

function missing(detail: string): SluiceError {
  return new SluiceError('not-found', detail);
}

function send(request: FastifyRequest, reply: FastifyReply, type: string, text: string): void {
  const etag = `"${digest(text)}"`;
  void reply.headers({ etag, 'cache-control': CACHE_CONTROL });
  if (noneMatchHits(request.headers['if-none-match'], etag)) return void reply.status(304).send();
  // As bytes: to a text of JSON Fastify would add a charset, which the media type does not have.
  void reply.header('content-type', type).send(Buffer.from(text));
}
