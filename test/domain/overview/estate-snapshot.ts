import type { z } from 'zod';
import { type Fields, readEstate, tiersOf, withoutTiers } from '../../../examples/estate.js';
import type { Snapshot } from '../../../src/domain/model/snapshot.js';
import { applicationSchema } from '../../../src/schema/application.js';
import { environmentSchema } from '../../../src/schema/environment.js';
import { flowSchema } from '../../../src/schema/flow.js';
import { parseOrRefuse } from '../../../src/schema/parse.js';
import { peerSchema } from '../../../src/schema/peer.js';
import { placementSchema } from '../../../src/schema/placement.js';
import { teamSchema } from '../../../src/schema/team.js';
import { tierSchema } from '../../../src/schema/tier.js';

/** What an environment of an estate file says, read through the schemas of the API, so that a case cannot hold what a client could not send. */
export function snapshotOf(text: string, environment: string): Snapshot {
  const estate = readEstate(text);
  const all = <S extends z.ZodObject>(schema: S, items: readonly Fields[], what: string) =>
    items.map((item) => parseOrRefuse(schema, item, `${what} ${JSON.stringify(item['name'])}`));
  const tiers = estate.applications.flatMap((application) =>
    tiersOf(application).map((tier) => ({ application: application['name'], ...tier })),
  );
  const here = all(environmentSchema, estate.environments, 'environment').find(({ name }) => name === environment);
  if (here === undefined) throw new Error(`no environment ${environment} in the estate`);
  const snapshot = {
    revision: 1,
    environment: here,
    teams: all(teamSchema, estate.teams, 'team'),
    applications: all(applicationSchema, estate.applications.map(withoutTiers), 'application'),
    tiers: all(tierSchema, tiers, 'tier'),
    peers: all(peerSchema, estate.peers, 'peer'),
    placements: all(placementSchema, estate.placements, 'placement').filter((one) => one.environment === environment),
    flows: all(flowSchema, estate.flows, 'flow').filter((flow) => flow.environments?.includes(environment) ?? true),
  };
  return snapshot as unknown as Snapshot; // zod writes optional fields with undefined, the model without
}
