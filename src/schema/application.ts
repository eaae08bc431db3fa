import { z } from 'zod';
import { described, name } from './parts.js';

export const applicationSchema = z
  .strictObject({ name, team: name, ...described })
  .meta({ id: 'Application', description: 'What a team ships; made of tiers' });
