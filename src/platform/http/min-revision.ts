import type { FastifyRequest } from 'fastify';
import { SluiceError } from '../../domain/errors.js';

/** Digits that a JavaScript number tells apart. */
const REVISION = /^[0-9]{1,15}$/;

const PARAMETER = 'minRevision';

/**
 * How new an answer must be, by the header Sluice-Min-Revision of any request, or by `?minRevision=` of a read. The parameter is taken out of the query, so that no
 * door need know it. Refuses (malformed) what is no revision, and both that differ.
 */
export function takeMinRevision({ method, headers, query }: FastifyRequest): number | undefined {
  const parameters = query as Record<string, unknown>;
  const isRead = method === 'GET' || method === 'HEAD';
  const given = isRead ? [headers['sluice-min-revision'], parameters[PARAMETER]] : [headers['sluice-min-revision']];
  if (isRead) delete parameters[PARAMETER];
  const [first, ...others] = given.filter((value) => value !== undefined);
  if (first === undefined) return undefined;
  if (others.some((other) => other !== first))
    throw new SluiceError('malformed', `Sluice-Min-Revision and ?${PARAMETER}= differ: send one of them`);
  if (typeof first === 'string' && REVISION.test(first)) return Number(first);
  const detail = 'use the number of a revision, as Sluice-Revision of an earlier answer has it';
  throw new SluiceError('malformed', `Sluice-Min-Revision or ?${PARAMETER}=: ${detail}`, [
    { pointer: `#/${PARAMETER}`, code: 'min-revision', detail, value: String(first).slice(0, 100) },
  ]);
}

/** The header of an answer that says which revision of the model it shows: nothing that it shows is newer. */
export const REVISION_HEADER = 'sluice-revision';
