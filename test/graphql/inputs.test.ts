import { readFileSync } from 'node:fs';
import {
  buildSchema,
  getNamedType,
  getNullableType,
  type GraphQLInputType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isRequiredInputField,
} from 'graphql';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { applicationSchema } from '../../src/schema/application.js';
import { publishSchema } from '../../src/schema/bundle.js';
import { deploymentSchema, reportSchema } from '../../src/schema/deployment.js';
import { environmentSchema } from '../../src/schema/environment.js';
import { flowSchema } from '../../src/schema/flow.js';
import { peerSchema } from '../../src/schema/peer.js';
import { placementSchema } from '../../src/schema/placement.js';
import { teamSchema } from '../../src/schema/team.js';
import { tierSchema } from '../../src/schema/tier.js';
import { tokenSchema } from '../../src/schema/token.js';
import { deliverySchema as webhookDeliverySchema, webhookKeySchema, webhookSchema } from '../../src/schema/webhook.js';

const schema = buildSchema(readFileSync('openapi/schema.graphql', 'utf8'));

/** A shape that both sides can be written in: what a field takes, and whether it must be there. */
type Shape =
  string | readonly [Shape] | { readonly [field: string]: { readonly required: boolean; readonly takes: Shape } };

/** `mode` is what fields of an object must be there: a patch needs none, but the items of its lists are whole. */
function ofGraphQL(type: GraphQLInputType, mode: 'whole' | 'patch'): Shape {
  const plain = getNullableType(type);
  if (isListType(plain)) return [ofGraphQL(plain.ofType, 'whole')];
  if (isEnumType(plain))
    return plain
      .getValues()
      .map(({ name }) => name)
      .sort()
      .join('|');
  if (!isInputObjectType(plain))
    return { String: 'string', Int: 'number', Boolean: 'boolean', DateTime: 'string' }[plain.name] ?? plain.name;
  const fields = Object.values(plain.getFields()).map((field) => {
    return [field.name, { required: isRequiredInputField(field), takes: ofGraphQL(field.type, mode) }];
  });
  return Object.fromEntries(fields);
}

type Json = { readonly [key: string]: any };

function ofZod(node: Json, root: Json, mode: 'whole' | 'patch'): Shape {
  if (typeof node['$ref'] === 'string')
    return ofZod(root['$defs'][node['$ref'].split('/').at(-1) as string], root, mode);
  const options = (node['anyOf'] as Json[] | undefined)?.filter((option) => option['type'] !== 'null');
  if (options !== undefined) return ofUnion(options.map((option) => ofZod(option, root, mode)));
  if (Array.isArray(node['enum'])) return [...node['enum']].sort().join('|');
  if (node['type'] === 'array') return [ofZod(node['items'], root, 'whole')];
  if (node['type'] === 'integer') return 'number';
  if (node['type'] !== 'object') return node['type'];
  if (node['properties'] === undefined) return 'Labels';
  const required: string[] = mode === 'patch' ? [] : (node['required'] ?? []);
  const fields = Object.entries(node['properties'] as Json).map(([name, field]) => {
    return [name, { required: required.includes(name), takes: ofZod(field, root, mode) }];
  });
  return Object.fromEntries(fields);
}

/** GraphQL has no unions of inputs: one object has the fields of all, none of them required; a text becomes the field `name`. */
function ofUnion(options: readonly Shape[]): Shape {
  if (options.length === 1) return options[0]!;
  const fields: any[] = options.flatMap((option): any[] =>
    option === 'string' ? [['name', { takes: option }]] : Object.entries(option),
  );
  return Object.fromEntries(fields.map(([name, field]: any) => [name, { required: false, takes: field.takes }]));
}

function inputNamed(name: string): GraphQLInputType {
  const type = schema.getType(name);
  if (!isInputObjectType(type)) throw new Error(`${name} is not an input`);
  return type;
}

function shapeOf(zod: z.ZodType, mode: 'whole' | 'patch' = 'whole'): any {
  const json = z.toJSONSchema(zod, { io: 'input', unrepresentable: 'any' });
  return ofZod(json, json, mode);
}

/** What holds for all that a request reads: by GraphQL it is a header of it, and no argument of a field. */
const OF_THE_REQUEST = new Set(['minRevision', 'Sluice-Min-Revision']);

function namesOf(parameters: readonly { readonly name: string; readonly in: string }[], places: readonly string[]) {
  const own = parameters.filter((parameter) => places.includes(parameter.in) && !OF_THE_REQUEST.has(parameter.name));
  return own.map(({ name }) => name);
}

describe('inputs of GraphQL are those of REST', () => {
  it.each([
    ['TeamInput', teamSchema],
    ['ApplicationInput', applicationSchema],
    ['TierInput', tierSchema],
    ['PeerInput', peerSchema],
    ['EnvironmentInput', environmentSchema],
    ['PlacementInput', placementSchema],
    ['FlowInput', flowSchema],
    ['TokenInput', tokenSchema],
    ['DeploymentReportInput', reportSchema],
    ['WebhookInput', webhookSchema],
  ])('%s has the fields of its schema', (name, zod) => {
    expect(ofGraphQL(inputNamed(name), 'whole')).toEqual(shapeOf(zod));
  });

  it.each([
    ['TeamPatch', teamSchema, ['name']],
    ['ApplicationPatch', applicationSchema, ['name']],
    ['TierPatch', tierSchema, ['application', 'name']],
    ['PeerPatch', peerSchema, ['name']],
    ['EnvironmentPatch', environmentSchema, ['name']],
    ['FlowPatch', flowSchema, ['name']],
    ['WebhookPatch', webhookSchema, ['name']],
  ])('%s has the same but the names, and needs none', (name, zod, names) => {
    const fields = Object.entries(shapeOf(zod, 'patch')).filter(([field]) => !names.includes(field));
    expect(ofGraphQL(inputNamed(name), 'patch')).toEqual(Object.fromEntries(fields));
  });

  it('publish has the fields of its schema as arguments', () => {
    const { args } = schema.getMutationType()!.getFields()['publish']!;
    const own = args.filter(({ name }) => !['environment', 'reason', 'dryRun'].includes(name));
    const shapes = own.map((arg) => [
      arg.name,
      { required: isNonNullType(arg.type), takes: ofGraphQL(arg.type, 'whole') },
    ]);
    expect(Object.fromEntries(shapes)).toEqual(shapeOf(publishSchema));
  });

  it('deployments of an environment take what their list takes', () => {
    const { paths } = JSON.parse(readFileSync('openapi/openapi.json', 'utf8'));
    const { parameters } = paths['/v1/environments/{environment}/deployments'].get;
    const names = namesOf(parameters, ['query']);
    const { args } = (schema.getType('Environment') as any).getFields()['deployments'];
    const paged = names.map((name: string) => ({ pageSize: 'first', pageToken: 'after' })[name] ?? name);
    expect(args.map((arg: any) => arg.name).sort()).toEqual(paged.sort());
  });

  it('deliveries of a webhook take what their list takes', () => {
    const { paths } = JSON.parse(readFileSync('openapi/openapi.json', 'utf8'));
    const { parameters } = paths['/v1/webhooks/{webhook}/deliveries'].get;
    const names = namesOf(parameters, ['query']);
    const { args } = (schema.getType('Webhook') as any).getFields()['deliveries'];
    const paged = names.map((name: string) => ({ pageSize: 'first', pageToken: 'after' })[name] ?? name);
    expect(args.map((arg: any) => arg.name).sort()).toEqual(paged.sort());
  });

  it('tells shapes that differ', () => {
    const other = teamSchema.extend({ name: z.number(), colour: z.string().optional() });
    expect(ofGraphQL(inputNamed('TeamInput'), 'whole')).not.toEqual(shapeOf(other));
  });
});

describe('lists of GraphQL take what lists of REST take', () => {
  const { paths } = JSON.parse(readFileSync('openapi/openapi.json', 'utf8'));
  it.each([
    ['teams', '/v1/teams'],
    ['applications', '/v1/applications'],
    ['tiers', '/v1/applications/{application}/tiers'],
    ['peers', '/v1/peers'],
    ['environments', '/v1/environments'],
    ['placements', '/v1/environments/{environment}/placements'],
    ['flows', '/v1/flows'],
    ['tokens', '/v1/tokens'],
    ['changes', '/v1/changes'],
    ['webhooks', '/v1/webhooks'],
  ])('%s', (field, path) => {
    const names = namesOf(paths[path].get.parameters, ['path', 'query']);
    const paged = names.map((name: string) => ({ pageSize: 'first', pageToken: 'after' })[name] ?? name);
    const { args, type } = schema.getQueryType()!.getFields()[field]!;
    expect(args.map((arg) => arg.name).sort()).toEqual([...paged].sort());
    expect(getNamedType(type).name).toMatch(/Connection$/);
  });
});

describe('objects of GraphQL say what objects of REST say', () => {
  it.each([
    ['Team', teamSchema],
    ['Application', applicationSchema],
    ['Tier', tierSchema],
    ['Peer', peerSchema],
    ['Environment', environmentSchema],
    ['Placement', placementSchema],
    ['Flow', flowSchema],
    ['Webhook', webhookSchema],
  ])('%s', (name, zod) => {
    const type = schema.getType(name);
    const fields = Object.keys((type as any).getFields());
    expect(fields).toEqual(expect.arrayContaining([...Object.keys(shapeOf(zod)), 'etag', 'revision']));
  });

  it('what belongs to a webhook, in each of its parts', () => {
    for (const [name, zod] of [
      ['WebhookKey', webhookKeySchema],
      ['WebhookDelivery', webhookDeliverySchema],
      ['WebhookAttempt', webhookDeliverySchema.shape.attempts.element],
    ] as const)
      expect(Object.keys((schema.getType(name) as any).getFields()).sort()).toEqual(Object.keys(zod.shape).sort());
  });

  it('Deployment, in each of its parts', () => {
    const { lastReport, running } = deploymentSchema.shape;
    for (const [name, zod] of [
      ['Deployment', deploymentSchema],
      ['DeploymentReport', lastReport],
      ['RunningVersion', running.unwrap()],
    ] as const)
      expect(Object.keys((schema.getType(name) as any).getFields()).sort()).toEqual(Object.keys(zod.shape).sort());
  });
});
