import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApp, type TestApp } from '../support/app.js';
import { loadShop } from '../support/shop.js';

const DEV = '/v1/environments/dev';
const TYPES = {
  txt: 'text/plain; charset=utf-8',
  md: 'text/markdown; charset=utf-8',
  mmd: 'text/vnd.mermaid; charset=utf-8',
  dot: 'text/vnd.graphviz; charset=utf-8',
  svg: 'image/svg+xml',
} as const;
type Format = keyof typeof TYPES;

let sluice: TestApp;

beforeAll(async () => {
  sluice = await startTestApp();
  await loadShop(sluice.app);
});
afterAll(() => sluice.close());

async function overview(version: string, format: Format): Promise<string> {
  const answer = await fetch(`${sluice.url}${DEV}/bundles/${version}/overview.${format}`, {
    headers: { authorization: `Bearer ${sluice.token}` },
  });
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-type')).toBe(TYPES[format]);
  return answer.text();
}

const cells = (line: string) =>
  line
    .split('|')
    .map((cell) => cell.trim())
    .filter((cell) => cell !== '');

describe('the overview of the small example', () => {
  it.each([
    ['latest', 'txt'],
    ['1', 'txt'],
    ['draft', 'txt'],
    ['latest', 'md'],
    ['draft', 'md'],
  ] as const)('of %s as %s has the three rows', async (version, format) => {
    const lines = (await overview(version, format)).split('\n');
    const heading = lines.findIndex((line) => cells(line)[0] === 'Pod');
    expect(cells(lines[heading] ?? '')).toEqual(['Pod', 'Ingress Port', 'Egress Target']);
    expect(lines.slice(heading + 2, heading + 5).map(cells)).toEqual([
      ['frontend', '80', 'backend (port 3000)'],
      ['backend', '3000', 'database (port 3306)'],
      ['database', '3306', 'None (acts as endpoint)'],
    ]);
  });

  it('says each flow in a sentence', async () => {
    for (const format of ['txt', 'md'] as const)
      expect(await overview('latest', format)).toContain('This is egress from the frontend and ingress to the backend');
  });

  it('draws peers on top and tiers below in the order of flows, each arrow with its port', async () => {
    const text = await overview('draft', 'txt');
    const at = (word: string) => text.indexOf(word);
    for (const [above, below] of [
      ['users', 'frontend'],
      ['│ frontend', '│  backend'],
      ['│  backend', '│ database'],
      ['Ingress (port 80)', 'Ingress (port 3000)'],
    ] as const) {
      expect(at(above)).toBeGreaterThanOrEqual(0);
      expect(at(above)).toBeLessThan(at(below));
    }
  });

  it('has a Mermaid diagram in Markdown, which is also to be had alone', async () => {
    const mermaid = await overview('latest', 'mmd');
    expect(mermaid).toMatch(/^flowchart /);
    expect(await overview('latest', 'md')).toContain(`\`\`\`mermaid\n${mermaid.trimEnd()}\n\`\`\``);
  });

  it('is a graph for Graphviz, and a picture', async () => {
    expect(await overview('latest', 'dot')).toMatch(/^(strict )?digraph [^]*frontend[^]*\}\s*$/);
    const svg = await overview('latest', 'svg');
    expect(svg).toMatch(/^(<\?xml[^]*)?<svg[^]*<\/svg>\s*$/);
    for (const name of ['users', 'frontend', 'backend', 'database', 'port 3306']) expect(svg).toContain(name);
    expect(svg).not.toMatch(/<script|javascript:/i);
  });

  it('names what does not exist', async () => {
    const detail = async (path: string) => (await sluice.request.get(path).expect(404)).body.detail;
    expect(await detail(`${DEV}/bundles/1/overview.pdf`)).toBe(
      'overview.pdf does not exist (have: txt, md, mmd, dot, svg)',
    );
    expect(await detail(`${DEV}/bundles/7/overview.txt`)).toBe('version 7 of environment "dev" does not exist');
    expect(await detail(`${DEV}/bundles/First/overview.txt`)).toBe(
      'version "First" does not exist: use a number, latest, a tag, or draft',
    );
    expect(await detail(`${DEV}/bundles/first/overview.txt`)).toBe('tag "first" in environment "dev" does not exist');
    expect(await detail('/v1/environments/moon/bundles/draft/overview.txt')).toBe('environment "moon" does not exist');
    expect(await detail('/v1/environments/prod/bundles/latest/overview.txt')).toBe(
      'environment "prod" has no version yet',
    );
  });
});

describe('connections', () => {
  const ends = ({ from, to, ports }: any) =>
    `${from.tier ?? from.peer} -> ${to.tier ?? to.peer} ${ports.map((port: any) => `${port.protocol} ${port.port}`).join(',')}`;
  const asked = async (query = '') => (await sluice.request.get(`${DEV}/connections${query}`).expect(200)).body;

  it('are those of the draft, with their flows', async () => {
    expect(await asked()).toEqual({
      environment: 'dev',
      version: 'draft',
      connections: [
        {
          from: { tier: 'shop/backend' },
          to: { tier: 'shop/database' },
          ports: [{ protocol: 'TCP', port: 3306 }],
          flows: ['backend-to-database'],
        },
        expect.objectContaining({ flows: ['frontend-to-backend'] }),
        expect.objectContaining({ from: { peer: 'users' }, flows: ['users-to-frontend'] }),
      ],
    });
  });

  it.each([
    ['?from=shop/frontend', ['shop/frontend -> shop/backend TCP 3000']],
    ['?from=users', ['users -> shop/frontend TCP 80']],
    ['?to=shop/database', ['shop/backend -> shop/database TCP 3306']],
    ['?port=3000', ['shop/frontend -> shop/backend TCP 3000']],
    ['?port=9', []],
    ['?from=shop/frontend&port=80', []],
    ['?from=shop/backend&to=shop/database&port=3306', ['shop/backend -> shop/database TCP 3306']],
  ])('%s', async (query, expected) => {
    expect((await asked(query)).connections.map(ends)).toEqual(expected);
  });

  it('are also those of a version, which the model no longer changes', async () => {
    const ports = [{ name: 'api', protocol: 'TCP', port: 3333 }];
    await sluice.request.patch('/v1/applications/shop/tiers/backend').set('if-match', '*').send({ ports }).expect(200);
    expect((await asked('?to=shop/backend')).connections.map(ends)).toEqual(['shop/frontend -> shop/backend TCP 3333']);
    for (const version of ['1', 'latest'])
      expect(await asked(`?to=shop/backend&version=${version}`)).toMatchObject({
        version: 1,
        connections: [{ ports: [{ protocol: 'TCP', port: 3000 }] }],
      });
    expect(await overview('draft', 'txt')).toContain('backend (port 3333)');
    expect(await overview('latest', 'txt')).toContain('backend (port 3000)');
    await sluice.request.get(`${DEV}/connections?version=9`).expect(404);
    await sluice.request.get(`${DEV}/connections?version=newest`).expect(404);
    await sluice.request.get('/v1/environments/moon/connections').expect(404);
  });
});
