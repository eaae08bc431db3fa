import { createPublicKey } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { release, startPublished } from '../registry/estate.js';
import type { TestApp } from '../support/app.js';
import { CLIENTS } from '../support/registry-clients.js';
import { ask } from '../support/wire.js';
import { ADDRESS, folder, missing, RECIPES, run } from './run.js';

/** What controllers would do with the recipes, by their own rules (test/support/registry-clients.ts), as there is no cluster for them to run in. */
let sluice: TestApp;
let here: ReturnType<typeof folder>;

beforeAll(async () => {
  sluice = await startPublished();
});
afterAll(async () => {
  expect(sluice.failures).toEqual([]);
  await sluice.close();
});
beforeEach(() => (here = folder()));
afterEach(() => here.remove());

const documents = (path: string): any[] =>
  parseAllDocuments(readFileSync(join(RECIPES, path), 'utf8')).map((document) => document.toJS());

/** `oci://sluice.example.com/sluice/prod`, at the server of this test, which has versions of dev only. */
function repositoryAt(url: string): { readonly url: string; readonly repository: string } {
  const { host } = new URL(ADDRESS);
  const [, repository = ''] = new RegExp(`^oci://${host.replaceAll('.', '\\.')}/(.+)$`).exec(url) ?? [];
  expect(repository).toMatch(/^sluice\/[a-z]+$/);
  return { url: sluice.url, repository: repository.replace(/\/[a-z]+$/, '/dev') };
}

/** The highest of the tags that are versions; the ranges of the recipes take all of them. */
async function highest(repository: string): Promise<string> {
  const { bytes } = await ask(sluice.url, `/v2/${repository}/tags/list`, {
    headers: { authorization: `Bearer ${sluice.token}` },
  });
  const versions: string[] = JSON.parse(bytes.toString()).tags.filter((tag: string) => /^\d+\.\d+\.\d+$/.test(tag));
  return versions.sort((a, b) => Number(a.split('.')[2]) - Number(b.split('.')[2])).at(-1) ?? '';
}

describe('Flux', () => {
  const [source] = documents('flux/netpol.yaml');

  it('pulls the highest version of the range and verifies it', async () => {
    const at = repositoryAt(source.spec.url);
    expect(source.spec.ref).toEqual({ semver: '>=1.0.0' });
    const pulled = await CLIENTS.flux({
      ...at,
      tag: await highest(at.repository),
      token: sluice.token,
      key: release.publicPem,
    });
    const { headers } = await sluice.request.get('/v2/sluice/dev/manifests/latest');
    expect(pulled).toEqual({ digest: headers['docker-content-digest'], resolvedBy: 'HEAD' });
  });

  it.skipIf(missing('making the Secrets of Flux', 'kubectl', 'curl', 'awk').length > 0)(
    'secrets.sh makes the two Secrets, with which it pulls and verifies',
    async () => {
      const env = { SLUICE_URL: sluice.url, SLUICE_TOKEN: sluice.token };
      const { status, stdout, stderr } = await run('sh', [join(RECIPES, 'flux/secrets.sh')], { cwd: here.path, env });
      expect([status, stderr]).toEqual([0, '']);
      const [keys, pull] = parseAllDocuments(stdout).map((document) => document.toJS());
      expect([keys.metadata.name, pull.metadata.name]).toEqual([
        source.spec.verify.secretRef.name,
        source.spec.secretRef.name,
      ]);
      expect([keys.metadata.namespace, pull.metadata.namespace]).toEqual(Array(2).fill(source.metadata.namespace));
      expect(pull.type).toBe('kubernetes.io/dockerconfigjson');
      const { auths } = JSON.parse(Buffer.from(pull.data['.dockerconfigjson'], 'base64').toString());
      const { password } = auths[new URL(sluice.url).host];
      expect(Object.keys(keys.data)).toEqual(['1.pub']);
      const key = Buffer.from(keys.data['1.pub'], 'base64').toString();
      expect(createPublicKey(key).asymmetricKeyType).toBe('ec');
      await CLIENTS.flux({ ...repositoryAt(source.spec.url), tag: 'latest', token: password, key });
    },
  );
});

describe('Argo CD', () => {
  it('pulls what the ApplicationSet names with what the Secret holds', async () => {
    const [secret] = documents('argocd/repository.yaml');
    const [set] = documents('argocd/applicationset.yaml');
    const { elements } = set.spec.generators[0].list;
    const { source } = set.spec.template.spec;
    for (const { environment, versions } of elements) {
      const fill = (text: string): string =>
        text.replaceAll('{{.environment}}', environment).replaceAll('{{.versions}}', versions);
      const at = repositoryAt(fill(source.repoURL));
      if (environment === 'dev') expect(fill(source.repoURL)).toBe(secret.stringData.url);
      const revision = fill(source.targetRevision);
      const tag = /^\d+\.x$/.test(revision) ? await highest(at.repository) : revision.replace('1.0.7', '1.0.2');
      await CLIENTS.argo({ ...at, tag, token: sluice.token, key: '' });
    }
  });
});

describe('Terraform', () => {
  const text = readFileSync(join(RECIPES, 'terraform/main.tf'), 'utf8');
  const TERRAFORM = ['terraform', 'tofu'].find((name) => missing('Terraform', name).length === 0);
  const terraform = (args: string[], input = '') =>
    run(TERRAFORM ?? '', args, {
      cwd: here.path,
      input,
      env: { CHECKPOINT_DISABLE: '1', TF_CLI_CONFIG_FILE: '/dev/null' },
    });

  it('balances its braces and names what it declares', () => {
    const bare = text.replace(/"(\\.|\$\{[^}]*\}|[^"\\])*"/g, '""').replace(/#.*/g, '');
    for (const [open, close] of ['{}', '()', '[]'].map((pair) => [...pair] as [string, string]))
      expect([open, bare.split(open).length]).toEqual([open, bare.split(close).length]);
    const declared = new Set([...text.matchAll(/^(?:variable) "(\w+)"/gm)].map(([, name]) => name));
    for (const [, name] of text.matchAll(/\bvar\.(\w+)/g)) expect(declared).toContain(name);
    expect(text.match(/postcondition/g)).toHaveLength(2);
    expect(text).toMatch(/self\.status_code == 200/);
  });

  it.skipIf(TERRAFORM === undefined)('is formatted as terraform does it, which reads it', async () => {
    writeFileSync(join(here.path, 'main.tf'), text);
    expect(await terraform(['fmt', '-check', '-diff', '.'])).toMatchObject({ status: 0, stdout: '' });
  });

  /** The providers would have to be downloaded, so the expressions alone are worked out, over a body from the server. */
  it.skipIf(TERRAFORM === undefined)('makes a resource of each object, the default denies apart', async () => {
    const { text: body } = await sluice.request
      .get('/v1/environments/dev/bundles/2/manifests.json')
      .buffer(true)
      .parse(asText);
    const locals = /^locals \{[^]*?^\}/m.exec(text)?.[0] ?? '';
    mkdirSync(join(here.path, 'data'));
    writeFileSync(join(here.path, 'data/manifests.json'), body);
    const own = locals.replace('data.http.manifests.response_body', 'file("${path.module}/data/manifests.json")');
    const etag = /lookup\(self\.response_headers, "Etag", ""\) == (.*)$/m.exec(text)?.[1] ?? '';
    const more = `locals {\n  etag = ${etag.replace('self.response_body', 'file("${path.module}/data/manifests.json")')}\n}\n`;
    writeFileSync(join(here.path, 'main.tf'), `${own}\n${more}`);
    const { stdout, stderr } = await terraform(
      ['console'],
      'jsonencode([keys(local.allows), keys(local.denies), local.etag])\n',
    );
    expect(stderr).toBe('');
    const [allows, denies, tag] = JSON.parse(JSON.parse(stdout.trim()));
    const { headers } = await sluice.request
      .get('/v1/environments/dev/bundles/2/manifests.json')
      .set('accept-encoding', 'identity');
    expect(tag).toBe(headers['etag']);
    expect(denies).toEqual(['blog/default-deny-all', 'shop/default-deny-all']);
    const items: any[] = parse(body).items;
    expect([...allows, ...denies].sort()).toEqual(
      items.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`).sort(),
    );
  });
});

/** supertest would parse JSON. */
function asText(response: any, done: (error: Error | null, body: string) => void): void {
  let text = '';
  response.setEncoding('utf8');
  response.on('data', (chunk: string) => (text += chunk));
  response.on('end', () => done(null, ((response.text = text), text)));
}
