import { z } from 'zod';
import { described, name } from './parts.js';

export const teamSchema = z.strictObject({ name, ...described }).meta({ id: 'Team', description: 'Owns applications' });
