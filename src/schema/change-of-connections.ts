import { z } from 'zod';
import { CONNECTION_CHANGE_KINDS, PROFILE_FACTS } from '../domain/diff/change/change.js';
import { RISKS } from '../domain/diff/change/risk.js';
import { PROTOCOLS } from '../domain/model/ports.js';

/** A tier or a peer, at one end of a connection. */
export const endpoint = z
  .union([z.object({ tier: z.string() }), z.object({ peer: z.string() })])
  .meta({ id: 'ConnectionEnd' });

const risk = z.enum(RISKS).meta({
  description:
    'widens: all that was allowed still is, and more. narrows: nothing more is allowed, and less. both: something more and something less, or it cannot be told',
});

const ports = z.array(
  z
    .object({ protocol: z.enum(PROTOCOLS), port: z.int(), endPort: z.int().optional() })
    .meta({ id: 'PortsOfConnection' }),
);

const declared = z
  .object({
    ports,
    flows: z.array(z.string()).meta({ description: 'The flows that declare it' }),
    policies: z.array(z.string()).meta({
      description: 'The objects that hold it, namespace/name: egress of the source, ingress of the destination',
    }),
  })
  .meta({ id: 'DeclaredConnection', description: 'What is declared on one side of a change; empty where nothing is' });

const changedConnection = z
  .object({
    kind: z.enum(CONNECTION_CHANGE_KINDS),
    from: endpoint,
    to: endpoint,
    before: declared,
    after: declared,
    gained: ports.meta({ description: 'Ports that are declared after and not before' }),
    lost: ports.meta({ description: 'Ports that were declared before and are not after' }),
    risk,
    reason: z
      .string()
      .optional()
      .meta({ description: 'Where an end came, went, or stands for other pods or addresses' }),
    applications: z.array(z.string()).meta({ description: 'Of the tiers at the ends' }),
    teams: z.array(z.string()).meta({ description: 'That own these applications' }),
  })
  .meta({
    id: 'ChangedConnection',
    description: 'Two ends between which something else is declared after than before',
  });

const changedFact = z
  .object({ fact: z.enum(PROFILE_FACTS), before: z.string(), after: z.string(), risk })
  .meta({ id: 'ChangedFact', description: 'A fact of the environment’s profile that is another one' });

const isolated = z
  .object({
    tiers: z.array(
      z
        .object({
          tier: z.string(),
          namespace: z.string(),
          directions: z.array(z.enum(['egress', 'ingress'])),
          policies: z.array(z.string()).meta({ description: 'The objects that isolate it, namespace/name' }),
        })
        .meta({ id: 'IsolatedTier', description: 'A tier whose pods are isolated on one side of a change only' }),
    ),
    namespaces: z
      .array(z.string())
      .meta({ description: 'Where the default deny isolates also the pods that no tier names' }),
  })
  .meta({ id: 'Isolated', description: 'What some object isolates on one side of a change and none on the other' });

const counts = { widens: z.int(), narrows: z.int(), both: z.int() };

const summary = z
  .object({
    connections: z.object(counts),
    byApplication: z.array(z.object({ application: z.string(), team: z.string().optional(), ...counts })),
    byTeam: z.array(z.object({ team: z.string(), ...counts })),
    newlyIsolatedTiers: z.int(),
    noLongerIsolatedTiers: z.int(),
  })
  .meta({
    id: 'ChangeSummary',
    description: 'Changed connections by risk; one counts once for each application and each team at its ends',
  });

/** The parts of a change, beside objects and flows. */
export const changeFields = {
  connections: z.array(changedConnection),
  profile: z.array(changedFact),
  newlyIsolated: isolated.meta({
    description: 'Isolated for the first time: traffic of these that no flow declares stops at the apply',
  }),
  noLongerIsolated: isolated.meta({
    description: 'Isolated before and not after: any traffic may pass from the apply on',
  }),
  summary,
};

export const changeOfConnectionsSchema = z
  .object({
    ...changeFields,
    complete: z.boolean().meta({ description: 'False where lists were cut: the diff has all' }),
  })
  .meta({ id: 'ChangeOfConnections', description: 'What differs in who may talk to whom, and what that means' });
