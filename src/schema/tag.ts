import { z } from 'zod';
import { tagName } from '../domain/model/tag.js';
import { byGrammar } from './parse.js';
import { name } from './parts.js';

/** The largest number that a column of versions holds. */
export const VERSION_MAX = 2_147_483_647;

export const tagSchema = z
  .strictObject({
    environment: name,
    name: z.string().superRefine(byGrammar(tagName)).meta({
      pattern: '^(?!(latest|draft|v?[0-9]+)$)[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$',
      maxLength: 63,
      description: 'A DNS-1123 label, but not latest, draft, a number, or v and a number',
    }),
    version: z.int().min(1).max(VERSION_MAX).meta({ description: 'The version that it marks' }),
  })
  .meta({
    id: 'Tag',
    description:
      'A movable name that marks one version of an environment, and stands for it wherever a version is named: a channel. Retention keeps what is marked',
  });
