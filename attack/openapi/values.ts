import fc from 'fast-check';
import { resolved, type Schema, type Schemas } from './document.js';

/**
 * Names of the small example, and a few more: all names are drawn from here, so that what one request makes others find, refer to, change and take
 * away again.
 */
export const NAMES = 'demo shop frontend backend database users dev staging prod http api n1 n2 n3 n4'.split(' ');
const REFS = ['shop/frontend', 'shop/backend', 'shop/database', 'n1/n2', 'n2/n1', 'shop/n1'];
const SHORT = 4;
/** Lists and objects are short, so that a series of them fits into one body. */
const FEW = 3;

/** What fields hold that no pattern tells of, by the name of the field. */
const BY_FIELD: Readonly<Record<string, readonly string[]>> = {
  cidr: ['10.0.0.0/8', '0.0.0.0/0', '192.168.0.0/24', '2001:db8::/32', '10.1.2.0/24'],
  except: ['10.1.0.0/16', '10.2.0.0/16', '192.168.0.128/25'],
  nodeCidrs: ['10.0.0.0/24'],
  apiServerCidrs: ['10.0.1.0/28'],
  nodeLocalCidrs: ['169.254.20.10/32'],
  addresses: ['10.9.0.0/24', '10.9.1.7/32'],
  cluster: ['eu-1', 'eu-2.example.com'],
  // Nothing that is published is sent to any other machine: all of these are refused or lead nowhere.
  url: [
    'https://127.0.0.1:9/hook',
    'https://[::1]:9/',
    'https://192.0.2.1/',
    'http://169.254.169.254/latest/meta-data',
  ],
  before: [
    '',
    'kind: NetworkPolicy\napiVersion: networking.k8s.io/v1\nmetadata: { name: a }\nspec: { podSelector: {} }\n',
  ],
  after: ['', 'kind: Pod\napiVersion: v1\nmetadata: { name: web, labels: { app: web } }\n'],
  manifests: [
    'kind: Pod\napiVersion: v1\nmetadata: { name: web, labels: { app: web } }\n---\nkind: Pod\napiVersion: v1\nmetadata: { name: b }\n',
  ],
  port: ['80', 'TCP/80', 'http'],
  key: ['app', 'role', 'kubernetes.io/metadata.name'],
};

/** Any value that a schema allows, `field` being where it stands. */
export function valueOf(schema: Schema, schemas: Schemas, field = ''): fc.Arbitrary<unknown> {
  const plain = resolved(schema, schemas);
  const { const: only, enum: choices, anyOf, oneOf, type } = plain;
  if (only !== undefined) return fc.constant(only);
  if (choices !== undefined) return fc.constantFrom(...choices);
  const either = anyOf ?? oneOf;
  if (either !== undefined) return fc.oneof(...either.map((one) => valueOf(one, schemas, field)));
  switch (type) {
    case 'string':
      return stringOf(plain, field);
    case 'integer':
    case 'number':
      return numberOf(plain);
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    case 'array':
      return listOf(plain, schemas, field);
    case 'object':
      return objectOf(plain, schemas);
    default:
      return fc.jsonValue({ maxDepth: 2 });
  }
}

function stringOf({ pattern = '', format, maxLength = 200 }: Schema, field: string): fc.Arbitrary<string> {
  const known = BY_FIELD[field];
  if (known !== undefined) return fc.constantFrom(...known);
  if (format === 'date-time') return fc.constantFrom('2099-01-02T03:04:05Z', '2030-06-07T08:09:10.123Z');
  if (format === 'uri') return fc.constantFrom('https://example.org/runbook', 'http://example.org/?a=b');
  if (pattern.startsWith('^sha256')) return fc.constant(`sha256:${'0'.repeat(64)}`);
  if (pattern.includes('?/[')) return fc.constantFrom(...REFS);
  if (pattern.includes('[-a-z0-9]')) return fc.constantFrom(...NAMES);
  if (field === 'from' || field === 'to') return fc.constantFrom(...REFS, 'users', '10.0.0.1');
  if (field === 'name' || pattern !== '') return fc.constantFrom(...NAMES);
  return fc.string({ maxLength: Math.min(maxLength, 12), unit: 'grapheme' });
}

function numberOf({ minimum = 0, maximum = 100 }: Schema): fc.Arbitrary<number> {
  const [min, max] = [Math.max(minimum, -1_000_000), Math.min(maximum, 1_000_000)];
  return fc.oneof(fc.integer({ min, max: Math.min(max, min + SHORT) }), fc.integer({ min, max }));
}

function listOf(
  { items = {}, minItems = 0, maxItems = FEW }: Schema,
  schemas: Schemas,
  field: string,
): fc.Arbitrary<unknown> {
  const maxLength = Math.max(minItems, Math.min(maxItems, FEW));
  return fc.array(valueOf(items, schemas, field), { minLength: minItems, maxLength });
}

function objectOf(
  { properties, required = [], additionalProperties }: Schema,
  schemas: Schemas,
): fc.Arbitrary<unknown> {
  if (properties === undefined) {
    const inner = typeof additionalProperties === 'object' ? additionalProperties : {};
    return fc.dictionary(fc.constantFrom('app', 'role', 'name', 'kind'), valueOf(inner, schemas, 'label'), {
      maxKeys: FEW,
    });
  }
  const fields = Object.entries(properties).map(([name, one]) => [name, valueOf(one, schemas, name)] as const);
  return fc.record(Object.fromEntries(fields), { requiredKeys: [...required] });
}
