import { expect, test } from 'vitest';
import { samePorts } from '../../../../src/domain/diff/change/compare-ports.js';
import { sameValue } from '../../../../src/domain/diff/same-value.js';

const PORTS = [
  'http',
  'grpc',
  { protocol: 'TCP', port: 80 },
  { protocol: 'UDP', port: 80 },
  { protocol: 'TCP', port: 81 },
  { protocol: 'TCP', port: 80, endPort: 90 },
  { name: 'http', protocol: 'TCP', port: 80 },
  { name: 'grpc', protocol: 'TCP', port: 80 },
] as const;
const lists = [[], ...PORTS.map((port) => [port]), ...PORTS.flatMap((one) => PORTS.map((other) => [one, other]))];

test('ports are written alike where their lists are the same value', () => {
  for (const a of lists) for (const b of structuredClone(lists)) expect(samePorts(a, b)).toBe(sameValue(a, b));
});
