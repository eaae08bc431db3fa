import { z } from 'zod';
import { described, name, namedPorts, selector } from './parts.js';

export const tierSchema = z
  .strictObject({ application: name, name, podSelector: selector, ports: namedPorts.default([]), ...described })
  .meta({ id: 'Tier', description: 'One part of an application: pods with the same labels, and their named ports' });
