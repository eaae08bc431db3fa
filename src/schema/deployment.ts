import { z } from 'zod';
import { dnsSubdomain, SUBDOMAIN_MAX } from '../domain/model/names.js';
import { byGrammar } from './parse.js';
import { text } from './parts.js';

/** What can come of a version in a cluster. */
export const RESULTS = ['applied', 'failed'] as const;

const DIGEST = /^sha256:[0-9a-f]{64}$/;
const EXAMPLE_DIGEST = 'sha256:d94ee7302ceb71ca4d0ca44f7caf72a423ae2347c77db50471bcff162aabbc95';
const MESSAGE = 'default-deny-all: the webhook "policy.example.com" denied the request';

export const reportSchema = z
  .strictObject({
    cluster: z
      .string()
      .superRefine(byGrammar(dnsSubdomain))
      .meta({ maxLength: SUBDOMAIN_MAX, description: 'Who reports: a DNS subdomain, as in eu-1 or eu-1.example.com' }),
    version: z.int().min(1).meta({ description: 'The version of the environment that was applied, or was to be' }),
    digest: z.string().regex(DIGEST, 'use sha256: and 64 lower-case hexadecimal digits').optional().meta({
      description: 'Of what was applied, in any form in which it is served, or of its image: held against the version',
    }),
    result: z.enum(RESULTS).meta({ description: 'failed: the cluster goes on with what it ran before' }),
    message: text(2000).optional().meta({ description: 'For people: what went wrong' }),
  })
  .meta({
    id: 'DeploymentReportInput',
    description: 'What came of a version in a cluster',
    examples: [
      { cluster: 'eu-1', version: 2, digest: EXAMPLE_DIGEST, result: 'applied' },
      { cluster: 'eu-2.example.com', version: 2, result: 'failed', message: MESSAGE },
    ],
  });

const running = z
  .object({
    version: z.int(),
    digest: z.string().meta({ description: 'Of the version: sha256 of its YAML' }),
    since: z.iso
      .datetime()
      .meta({ description: 'The first report of this version; later ones of the same do not change it' }),
  })
  .meta({ id: 'RunningVersion', description: 'The version that a cluster applied last' });

const lastReport = z
  .object({
    version: z.int(),
    digest: z.string().optional().meta({ description: 'As it was reported' }),
    result: z.enum(RESULTS),
    message: z.string().optional(),
    at: z.iso.datetime(),
    by: z.string().meta({ description: 'The token that it came with' }),
  })
  .meta({ id: 'DeploymentReport', description: 'What a cluster said last' });

export const deploymentSchema = z
  .object({
    environment: z.string(),
    cluster: z.string(),
    running: running.nullable().meta({ description: 'null: nothing was applied yet' }),
    behind: z
      .int()
      .nullable()
      .meta({ description: 'How many versions behind the latest; 0: up to date; null: nothing was applied yet' }),
    lastReport,
  })
  .meta({
    id: 'Deployment',
    description: 'What one cluster runs of an environment, and what it said last',
    examples: [
      {
        environment: 'prod',
        cluster: 'eu-2.example.com',
        running: { version: 1, digest: EXAMPLE_DIGEST, since: '2026-01-02T03:04:05.678Z' },
        behind: 1,
        lastReport: { version: 2, result: 'failed', message: MESSAGE, at: '2026-01-03T03:04:05.678Z', by: 'prod-eu-2' },
      },
    ],
  });
