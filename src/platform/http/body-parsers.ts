import type { FastifyInstance, FastifyRequest } from 'fastify';
import { SluiceError } from '../../domain/errors.js';
import { DEPTH_MAX, type RawBody, readJson } from '../../schema/read-json.js';
import { ANALYSIS_LIMITS, type AnalysisLimits } from '../analysis-limits.js';

/** Whole clusters are sent to the analysis; everything else of the API is small. */
const ANALYSIS = '/v1/analysis/';
const MIB = 1024 * 1024;
const MERGE_PATCH = 'application/merge-patch+json';
const YAML = ['application/yaml', 'application/x-yaml', 'text/yaml'];

/**
 * JSON, merge patches for PATCH, YAML for the analysis, and nothing else: any other type is a 415. Refuses what readJson refuses; an absent body is
 * undefined. Bodies of the analysis stay as they were sent.
 */
export function registerBodyParsers(fastify: FastifyInstance, limits: AnalysisLimits = ANALYSIS_LIMITS): void {
  fastify.removeAllContentTypeParsers();
  fastify.addHook('onRoute', (route) => {
    if (route.url.startsWith(ANALYSIS)) route.bodyLimit = Math.max(limits.jsonMib, limits.yamlMib) * MIB;
  });
  fastify.addContentTypeParser(YAML, { parseAs: 'string' }, yamlBody(limits) as never);
  fastify.addContentTypeParser('application/json', { parseAs: 'string' }, jsonBody(limits) as never);
  fastify.addContentTypeParser(MERGE_PATCH, { parseAs: 'string' }, mergePatchBody(limits) as never);
}

/** RFC 7396 says what a patch is, and nothing of what a whole object would be. */
function mergePatchBody(limits: AnalysisLimits): Parser {
  const read = jsonBody(limits);
  return (request, body, done) => {
    if (request.method === 'PATCH') return read(request, body, done);
    const detail = `${MERGE_PATCH} is for PATCH only: send application/json with a ${request.method}`;
    return done(new SluiceError('unsupported-media-type', detail));
  };
}

type Parser = (request: FastifyRequest, body: string, done: (error: Error | null, value?: unknown) => void) => void;

function jsonBody({ jsonMib }: AnalysisLimits): Parser {
  return (request, body, done) => {
    if (request.url.startsWith(ANALYSIS)) {
      if (Buffer.byteLength(body) > jsonMib * MIB) return done(tooLarge(`${jsonMib} MiB of JSON`));
      return done(null, { media: 'json', text: body } satisfies RawBody);
    }
    if (body === '') return done(null, undefined);
    try {
      return done(null, readJson(body, DEPTH_MAX));
    } catch (error) {
      return done(error as Error);
    }
  };
}

function tooLarge(limit: string): SluiceError {
  return new SluiceError('payload-too-large', `the body is larger than the ${limit} that this takes`);
}

function yamlBody({ yamlMib }: AnalysisLimits): Parser {
  return (request, body, done) => {
    if (!request.url.startsWith(ANALYSIS))
      return done(new SluiceError('unsupported-media-type', 'YAML is for the analysis only: send application/json'));
    if (Buffer.byteLength(body) > yamlMib * MIB) return done(tooLarge(`${yamlMib} MiB of YAML`));
    return done(null, { media: 'yaml', text: body } satisfies RawBody);
  };
}
