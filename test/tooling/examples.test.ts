import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { readEstate, saysAlready, tiersOf, wantedObjects } from '../../examples/estate.js';
import { diffText, main } from '../../examples/run.js';
import { problemText } from '../../examples/server.js';
import { compile } from '../../src/domain/compile/compile.js';
import { snapshotOf } from '../domain/overview/estate-snapshot.js';

const NAMES = ['online-boutique', 'ticket-office'];
const ENVIRONMENTS = ['dev', 'staging', 'prod'];
const textOf = (name: string) => readFileSync(join('examples', name, 'estate.yaml'), 'utf8');

describe.each(NAMES)('the estate of %s', (name) => {
  it.each(ENVIRONMENTS)('compiles in %s without a finding', (environment) => {
    const { policies, findings } = compile(snapshotOf(textOf(name), environment));
    expect(findings).toEqual([]);
    expect(policies.length).toBeGreaterThan(0);
  });

  it('gives every object a path, and nothing before what it refers to', () => {
    const paths = wantedObjects(readEstate(textOf(name))).map(({ path }) => path);
    expect(new Set(paths).size).toBe(paths.length);
    const kinds = paths.map((path) => path.replace(/^\/v1\/(\w+)\/[^/]+(?:\/(\w+)\/[^/]+)?$/, '$1 $2').trim());
    const order = [
      'teams',
      'environments',
      'applications',
      'applications tiers',
      'peers',
      'environments placements',
      'flows',
    ];
    expect([...new Set(kinds)]).toEqual(order);
  });
});

const MANIFESTS = '../shared/exams/manifests/online-boutique/kubernetes-manifests';
const manifestsAreThere = existsSync(MANIFESTS);
if (!manifestsAreThere) console.warn(`skipped: ${MANIFESTS} is not there to compare online-boutique with`);

describe.skipIf(!manifestsAreThere)('online-boutique', () => {
  const manifests = readdirSync(manifestsAreThere ? MANIFESTS : '.')
    .filter((file) => manifestsAreThere && file.endsWith('.yaml'))
    .flatMap((file) =>
      parseAllDocuments(readFileSync(join(MANIFESTS, file), 'utf8')).map((one) => one.toJS() as Manifest),
    );
  const deployments = manifests.filter(({ kind }) => kind === 'Deployment');
  const estate = readEstate(textOf('online-boutique'));
  const tiers = new Map(estate.applications.flatMap(tiersOf).map((tier) => [String(tier['name']), tier]));

  it('has the labels and ports of its pods', () => {
    expect([...tiers.keys()].sort()).toEqual(deployments.map(({ metadata }) => metadata.name).sort());
    for (const { metadata, spec } of deployments) {
      const tier = tiers.get(metadata.name);
      const ports = spec.template.spec.containers.flatMap((container) => container.ports ?? []);
      expect(tier?.['podSelector']).toEqual({ matchLabels: spec.template.metadata.labels });
      expect(portNumbers(tier?.['ports'])).toEqual(ports.map(({ containerPort }) => containerPort));
    }
  });

  it('has a flow for each address in the environment of its containers, and no other between tiers', () => {
    const called = deployments.flatMap(({ metadata, spec }) =>
      spec.template.spec.containers
        .flatMap((container) => container.env ?? [])
        .filter((variable) => variable.name.endsWith('_ADDR'))
        .map((variable) => `${metadata.name} -> ${String(variable.value).split(':')[0]}`),
    );
    const declared = estate.flows
      .map(({ from, to }) => [from, to] as { tier?: string }[])
      .filter((ends) => ends.every(({ tier }) => tier !== undefined))
      .map((ends) => ends.map(({ tier }) => tier?.split('/')[1]).join(' -> '));
    expect(declared.sort()).toEqual(called.filter((call) => !call.endsWith(' shoppingassistantservice')).sort());
  });
});

interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly template: {
      readonly metadata: { readonly labels: Record<string, string> };
      readonly spec: {
        readonly containers: readonly {
          readonly ports?: readonly { readonly containerPort: number }[];
          readonly env?: readonly { readonly name: string; readonly value: string }[];
        }[];
      };
    };
  };
}

function portNumbers(ports: unknown): number[] {
  return ((ports ?? []) as { port: number }[]).map(({ port }) => port);
}

describe('npm run example', () => {
  let server: Server;
  let printed: string[];
  let requests: string[];
  const objects = new Map<string, { body: object; etag: string }>();

  /** As the contract has it: PUT creates with If-None-Match, replaces with the right If-Match, and nothing else. */
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url = '', headers } = request;
    const raw = (await request.toArray()).join('');
    const send = (status: number, body: unknown, more: Record<string, string> = {}) => {
      const text = typeof body === 'string' ? body : JSON.stringify(body);
      response.writeHead(status, { 'content-type': 'application/json', ...more }).end(text);
    };
    if (headers.authorization !== 'Bearer secret') return send(401, { title: 'Unauthorized', detail: 'no token' });
    const standing = objects.get(url);
    if (url.endsWith('/bundles')) return send(201, { version: 1, digest: 'sha256:abc' });
    if (url.endsWith('overview.txt')) return send(200, 'the picture\n', { 'content-type': 'text/plain' });
    if (url.includes('/diff/')) return send(200, { flows: [], objects: [] });
    if (method === 'GET') return standing ? send(200, standing.body, { etag: standing.etag }) : send(404, {});
    requests.push(`${method} ${url}`);
    if (headers['if-match'] !== standing?.etag || (headers['if-none-match'] === '*') === (standing !== undefined)) {
      return send(412, {
        title: 'Precondition Failed',
        detail: url,
        errors: [{ pointer: '#/name', detail: 'is taken' }],
      });
    }
    objects.set(url, {
      body: { ...(JSON.parse(raw) as object), added: 'by the server' },
      etag: `"${requests.length}"`,
    });
    return send(standing ? 200 : 201, objects.get(url)?.body);
  }

  beforeEach(async () => {
    [printed, requests] = [[], []];
    objects.clear();
    for (const stream of ['log', 'error'] as const) {
      vi.spyOn(console, stream).mockImplementation((text: unknown) => void printed.push(String(text)));
    }
    server = createServer((request, response) => void answer(request, response)).listen(0, '127.0.0.1');
    await once(server, 'listening');
    vi.stubEnv('SLUICE_URL', `http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    vi.stubEnv('SLUICE_TOKEN', 'secret');
  });
  afterEach(async () => {
    vi.unstubAllEnvs();
    vi.restoreAllMocks();
    process.exitCode = undefined;
    await new Promise((done) => server.close(done).closeAllConnections());
  });

  it('creates everything, publishes, and prints the overview and the difference', async () => {
    await main(['online-boutique']);
    expect(printed[0]).toMatch(/^(\d+) objects: \1 created, 0 updated, 0 unchanged$/);
    expect(printed.slice(1)).toEqual([
      ...ENVIRONMENTS.map((environment) => `${environment} published as version 1 (sha256:abc)`),
      '\nthe picture\n',
      'From dev to prod\nno difference',
    ]);
  });

  it('writes nothing the second time, and only what differs the third', async () => {
    await main(['ticket-office']);
    requests = [];
    await main(['ticket-office']);
    expect(requests).toEqual([]);
    const flow = objects.get('/v1/flows/web-to-api');
    objects.set('/v1/flows/web-to-api', { body: { ...flow?.body, ports: ['metrics'] }, etag: '"other"' });
    await main(['ticket-office']);
    expect(requests).toEqual(['PUT /v1/flows/web-to-api']);
    expect(process.exitCode).toBeUndefined();
  });

  it('says what the server refused, where, and ends with 1', async () => {
    vi.stubEnv('SLUICE_TOKEN', 'wrong');
    await main(['ticket-office']);
    expect(printed).toEqual(['GET /v1/teams/sales: 401 Unauthorized: no token']);
    expect(process.exitCode).toBe(1);
  });

  it('names the examples there are', async () => {
    await main(['nonsense']);
    await main([]);
    expect(printed).toEqual([
      'no example "nonsense"? (have: online-boutique, sluice-itself, ticket-office)',
      'which example? (have: online-boutique, sluice-itself, ticket-office)',
    ]);
  });

  it('says how to start a server where none answers', async () => {
    vi.stubEnv('SLUICE_URL', 'http://127.0.0.1:1');
    await main(['ticket-office']);
    expect(printed[0]).toContain('no server answers at http://127.0.0.1:1: start one with "npm start"');
  });
});

describe('what the examples print and compare', () => {
  it('shows every problem with its pointer', () => {
    const body = {
      title: 'Unprocessable Entity',
      detail: 'tier "shop/web" has 2 problems',
      errors: [
        { pointer: '#/ports/0/port', code: 'port-range', detail: '0 is not a port' },
        { pointer: '#/podSelector', code: 'required', detail: 'podSelector is required' },
      ],
    };
    expect(problemText({ status: 422, body, text: '' })).toBe(
      '422 Unprocessable Entity: tier "shop/web" has 2 problems\n  #/ports/0/port: 0 is not a port\n  #/podSelector: podSelector is required',
    );
    expect(problemText({ status: 502, body: {}, text: 'Bad gateway' })).toBe('502 Bad gateway');
  });

  it('shows changes of flows and objects', () => {
    const diff = {
      flows: [{ kind: 'flow-ports-changed', flow: 'web-to-api', before: 'TCP 80', after: 'TCP 81' }],
      objects: [{ kind: 'added', namespace: 'shop', name: 'allow-web-egress' }],
    };
    expect(diffText(diff)).toEqual([
      'flow-ports-changed web-to-api',
      '  - TCP 80',
      '  + TCP 81',
      'added NetworkPolicy shop/allow-web-egress',
    ]);
  });

  it('finds that the server says more, and that it says something else', () => {
    const stored = { name: 'web', ports: [{ name: 'http', port: 80, protocol: 'TCP' }], tiers: [] };
    expect(saysAlready(stored, { name: 'web', ports: [{ name: 'http', port: 80 }] })).toBe(true);
    expect(saysAlready(stored, { name: 'web', ports: [] })).toBe(false);
    expect(saysAlready(stored, { name: 'web', ports: [{ name: 'http', port: 81 }] })).toBe(false);
    expect(saysAlready(stored, { reason: 'new' })).toBe(false);
  });

  it('refuses an estate with a key it does not know, or an entry that is no mapping', () => {
    expect(() => readEstate('teams: []\nflow: []')).toThrow('unknown key flow in the estate (have: teams,');
    expect(() => readEstate('teams: [demo]')).toThrow('teams must be a list of mappings');
    expect(() => readEstate('[]')).toThrow('an estate is a mapping');
  });
});
