import fc from 'fast-check';
import { objectionsToOperation } from '../checks/operation.js';
import { objectionsToReply } from '../checks/reply.js';
import { type ApiDocument, type Operation, readDocument } from '../openapi/document.js';
import { askOf, type Draw, drawOf } from '../openapi/draw.js';
import type { Extent, Outcome, Part } from '../part.js';
import type { Target } from '../target.js';
import { Client } from '../wire/client.js';
import { curlOf } from '../wire/curl.js';

export const rest: Part = {
  name: 'rest',
  about: 'every operation of openapi/openapi.json: valid, nearly valid and hostile requests',
  run,
};

/** As many draws for each operation. The first failure of an operation is shrunk and told, and the next operation goes on. */
async function run(target: Target, { requests, seed, operation: only }: Extent): Promise<Outcome> {
  const api = readDocument();
  const client = new Client(target);
  const numRuns = Math.ceil(requests / api.operations.length);
  const failures: string[] = [];
  try {
    for (const operation of api.operations.filter(({ id }) => only === undefined || id === only)) {
      const failure = await failureOf(operation, api, client, { numRuns, seed });
      if (failure !== undefined) failures.push(failure);
    }
  } finally {
    client.close();
  }
  return { tried: client.sent, failures };
}

async function failureOf(
  operation: Operation,
  api: ApiDocument,
  client: Client,
  parameters: { numRuns: number; seed: number },
): Promise<string | undefined> {
  const objections = async (draw: Draw): Promise<string[]> => {
    const ask = askOf(operation, draw);
    const reply = await client.send(ask);
    return [...objectionsToReply(ask, reply), ...objectionsToOperation(operation, draw, reply, api)];
  };
  const property = fc.asyncProperty(drawOf(operation, api.schemas), async (draw) => {
    const found = await objections(draw);
    if (found.length > 0) throw new Error(found.join('\n    '));
  });
  const found = await fc.check(property, { ...parameters, interruptAfterTimeLimit: 60_000 });
  if (!found.failed) return undefined;
  const [draw] = found.counterexample ?? [];
  const line = draw === undefined ? '' : curlOf(askOf(operation, draw));
  const why = found.errorInstance instanceof Error ? found.errorInstance.message : String(found.errorInstance);
  return `${operation.id}: ${why}\n    ${line}\n    (--only rest --operation ${operation.id} --seed ${found.seed}; path ${found.counterexamplePath})`;
}
