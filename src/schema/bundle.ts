import { z } from 'zod';
import { ORIGIN_KINDS } from '../domain/model/origin.js';
import { versionName } from '../domain/model/tag.js';
import { applySetSchema } from './apply-set.js';
import { changeFields, changeOfConnectionsSchema, endpoint } from './change-of-connections.js';
import { edition } from './edition.js';
import { byGrammar } from './parse.js';
import { name, text } from './parts.js';
import { VERSION_MAX } from './tag.js';

/** What every way to a new version takes. */
const release = {
  message: text(1000).optional().meta({ description: 'Why this version' }),
  expectedVersion: z
    .int()
    .min(0)
    .optional()
    .meta({ description: 'The latest version that you know, 0 for none: 409 where there is a newer one' }),
};

export const publishSchema = z.strictObject(release).meta({ id: 'Publish', description: 'A publish' });

const published = z
  .union([z.int().min(1).max(VERSION_MAX), z.string().superRefine(byGrammar(versionName))], {
    error: 'use the number of a version, latest, or a tag',
  })
  .meta({ id: 'PublishedVersion', description: 'A published version: its number, latest, or a tag' });

export const promotionSchema = z
  .strictObject({
    from: name.meta({ description: 'The environment of the version' }),
    version: published.meta({ description: 'Which version of it: a number, latest, or a tag' }),
    ...release,
  })
  .meta({ id: 'Promotion', description: 'A version of another environment, to be published in this one' });

export const rollbackSchema = z
  .strictObject({
    to: published.meta({ description: 'An earlier version: a number, latest, or a tag' }),
    ...release,
  })
  .meta({ id: 'Rollback', description: 'An earlier version, to be published again' });

const origin = z
  .object({
    kind: z.enum(ORIGIN_KINDS),
    environment: z.string().optional().meta({ description: 'Of a promotion: the environment of the version' }),
    version: z
      .int()
      .optional()
      .meta({ description: 'Of a promotion or a rollback: the version, which may be removed by now' }),
  })
  .meta({ id: 'Origin', description: 'Where the content of a version comes from' });

export const findingSchema = z
  .object({
    code: z.string(),
    severity: z.enum(['error', 'warning', 'info']),
    path: z.string(),
    message: z.string(),
    value: z.string().optional().meta({ description: 'What stands there' }),
    mend: z.string().optional().meta({ description: 'What to do about it' }),
  })
  .meta({ id: 'Finding', description: 'Something that a rule noticed' });

const counts = z
  .object({ namespaces: z.int(), objects: z.int(), flows: z.int() })
  .meta({ id: 'BundleCounts', description: 'How much there is in a bundle' });

const compared = z
  .object({
    tiers: z.int(),
    flows: z.int(),
    objects: z.int(),
    probes: z.int().meta({ description: 'Pods made up for the proof' }),
    ranges: z.int().meta({ description: 'Ranges of addresses that no block tells apart' }),
    pairs: z.int().meta({ description: 'Questions answered' }),
  })
  .meta({ id: 'ProofCompared', description: 'How much a proof looked at' });

const proofSummary = z
  .object({
    equal: z.boolean(),
    digest: z.string().meta({ description: 'Of the bytes that were read again' }),
    compared,
    caveats: z.array(findingSchema),
  })
  .meta({ id: 'ProofSummary', description: 'The bytes allow exactly what is declared' });

const difference = z
  .object({
    kind: z.enum(['too-much', 'too-little']),
    direction: z.enum(['ingress', 'egress']),
    subject: z.string(),
    tiers: z.array(z.string()),
    other: z.string(),
    ports: z.string(),
    policies: z.array(z.string()),
    flows: z.array(z.string()),
    profile: z.array(z.string()),
  })
  .meta({ id: 'ProofDifference', description: 'Ports on which one side is not as declared' });

const proof = z
  .object({
    equal: z.boolean(),
    compared,
    differences: z.array(difference),
    differenceCount: z.int(),
    objections: z.array(findingSchema),
    objectionCount: z.int(),
    caveats: z.array(findingSchema),
    caveatCount: z.int(),
  })
  .meta({ id: 'Proof', description: 'Whether the bytes allow exactly what is declared, and where they do not' });

export const bundleSchema = z
  .object({
    environment: z.string(),
    version: z.int().min(1),
    digest: z.string().meta({ description: 'sha256 of the YAML stream: the identity of the content' }),
    revision: z.int().meta({
      description:
        'The revision of the model that was rendered: of a promotion that of its version, of a rollback that of then',
    }),
    origin,
    counts,
    applySet: applySetSchema,
    findings: z.array(findingSchema),
    proof: proofSummary,
    changes: changeOfConnectionsSchema
      .optional()
      .meta({ description: 'Against the version before: not in lists, where it would be most of the answer' }),
    message: z.string().optional(),
    reason: z.string().optional(),
    publishedBy: z.string(),
    publishedAt: z.iso.datetime(),
    tags: z
      .array(z.string())
      .meta({ description: 'The names that mark it now: the one thing of a version that changes' }),
  })
  .meta({ id: 'Bundle', description: 'A published version: immutable, but for its tags' });

const riskCounts = z.object({ widens: z.int(), narrows: z.int(), both: z.int() });

export const publishEventSchema = z
  .object({
    environment: z.string(),
    version: z.int().min(1),
    digest: z.string(),
    publishedAt: z.iso.datetime(),
    publishedBy: z.string(),
    message: z.string().optional(),
    reason: z.string().optional(),
    changes: z
      .object({ connections: riskCounts, newlyIsolatedTiers: z.int(), noLongerIsolatedTiers: z.int() })
      .meta({ description: 'How much it changes, against the version before' }),
  })
  .meta({ id: 'PublishEvent', description: 'That a version was published: the data of an event' });

const objectChange = z
  .object({ kind: z.enum(['added', 'removed', 'changed']), namespace: z.string(), name: z.string() })
  .meta({ id: 'ObjectChange', description: 'A NetworkPolicy that two bundles do not share' });

const flowChange = z
  .looseObject({ kind: z.string(), flow: z.string() })
  .meta({ id: 'FlowChange', description: 'A flow that two bundles render differently' });

export const previewSchema = z
  .object({
    environment: z.string(),
    revision: z.int(),
    digest: z.string(),
    wouldPublish: z
      .boolean()
      .meta({ description: 'False where the latest version has the same content, or a finding is an error' }),
    latestVersion: z.int().meta({ description: '0: nothing was published yet' }),
    nextVersion: z.int(),
    counts,
    changes: z.object({
      objects: z.array(objectChange),
      flows: z.array(flowChange),
      ...changeOfConnectionsSchema.shape,
    }),
    proof,
    findings: z.array(findingSchema),
  })
  .meta({ id: 'Preview', description: 'What publishing now would do' });

export const bundleDiffSchema = z
  .object({
    before: edition,
    after: edition,
    objects: z.array(objectChange),
    flows: z.array(flowChange),
    ...changeFields,
  })
  .meta({
    id: 'BundleDiff',
    description: 'What differs between two bundles: objects, flows, and who may talk to whom',
  });

const connection = z
  .object({
    from: endpoint,
    to: endpoint,
    ports: z.array(z.object({ protocol: z.string(), port: z.int(), endPort: z.int().optional() })),
    flows: z.array(z.string()),
  })
  .meta({ id: 'Connection', description: 'What one end may do to another, and the flows that allow it' });

const edited = { environment: z.string(), version: z.union([z.int(), z.literal('draft')]) };

export const connectionsSchema = z
  .object({ ...edited, connections: z.array(connection) })
  .meta({ id: 'Connections', description: 'Allowed connections and the flows that allow them' });

export const pathsSchema = z
  .object({
    ...edited,
    paths: z.array(z.object({ from: endpoint, to: endpoint, hops: z.array(connection) })),
    complete: z.boolean().meta({ description: 'False where the search ended at its bound' }),
  })
  .meta({ id: 'Paths', description: 'Ways over several hops, shortest first' });
