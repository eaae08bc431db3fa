import type { OperationDoc, ResponseDoc } from '../../platform/openapi/describe.js';
import { WAIT_MAX_SECONDS } from '../../platform/http/prefer.js';

/** What the descriptions say of waiting for the version after `latest`. */
export const PREFER: NonNullable<OperationDoc['headers']> = {
  Prefer: {
    description: `RFC 7240: wait=<seconds>, at most ${WAIT_MAX_SECONDS}. With If-None-Match, where \`latest\` would be answered with 304, the answer waits so long for a new version; 304 where there is none. Of no effect on a numbered version`,
  },
};

export const UNCHANGED: ResponseDoc = {
  description: 'Unchanged (If-None-Match), also after waiting (Prefer)',
  headers: ['Preference-Applied'],
};
