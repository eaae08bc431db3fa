import { randomUUID } from 'node:crypto';
import { SluiceError } from '../../../domain/errors.js';
import type { ReleaseManifest } from '../../../domain/release/manifest.js';
import type { Io } from '../../command.js';
import { ask } from '../../server/ask.js';
import { pathOf } from '../../server/environment-ref.js';
import { connectionOf } from '../../server/settings.js';
import type { Words } from '../../words.js';

const MESSAGE_MAX = 500;

/** Tells the server what came of a version, where a cluster is named; false where that could not be told. */
export async function reportDeployment(
  words: Words,
  io: Io,
  { environment, version, contentDigest }: ReleaseManifest,
  failure: string | undefined,
): Promise<boolean> {
  const { cluster } = words.values;
  if (cluster === undefined) return true;
  const result =
    failure === undefined ? { result: 'applied' } : { result: 'failed', message: failure.slice(0, MESSAGE_MAX) };
  try {
    await ask(connectionOf(words, io), {
      path: `${pathOf(environment)}/deployments`,
      method: 'POST',
      headers: { 'idempotency-key': randomUUID() },
      body: { cluster, version, digest: contentDigest, ...result },
    });
    return true;
  } catch (error) {
    if (!(error instanceof SluiceError)) throw error;
    io.err(`sluice apply: the report of cluster ${cluster} was not taken: ${error.message}\n`);
    return false;
  }
}
