import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';

/** What can be told of the recipes by reading them. test/recipes runs them. */
const ROOT = 'examples/ci';
const FILES = readdirSync(ROOT, { recursive: true })
  .map((name) => join(ROOT, String(name)))
  .filter((path) => statSync(path).isFile())
  .sort();
const textOf = (path: string): string => readFileSync(path, 'utf8');
const SCRIPTS = FILES.filter((path) => path.endsWith('.sh'));
const YAML = FILES.filter((path) => path.endsWith('.yaml') || path.endsWith('.yml'));

/** The one document of a file that is of this kind. */
function documentOf(path: string, kind?: string): any {
  const documents = parseAllDocuments(textOf(join(ROOT, path)), { uniqueKeys: true, strict: true });
  expect(documents.flatMap(({ errors, warnings }) => [...errors, ...warnings])).toEqual([]);
  const found = documents.map((one) => one.toJS()).filter((one) => kind === undefined || one.kind === kind);
  expect(found).toHaveLength(1);
  return found[0];
}

/** The shell in the recipes: scripts, and the steps of pipelines. */
function shellOf(): readonly (readonly [string, 'sh' | 'bash', string])[] {
  const { jobs } = documentOf('github/workflow.yaml');
  const gitlab = documentOf('gitlab/network-policies.gitlab-ci.yml')['network-policies'];
  const steps = jobs.apply.steps.filter(({ run }: any) => run !== undefined);
  return [
    ...SCRIPTS.map((path) => [path, 'sh', textOf(path)] as const),
    ...steps.map(({ name, run }: any) => [`github: ${name}`, 'bash', run.replace(/\$\{\{.*?\}\}/g, 'x')] as const),
    ['gitlab: script', 'sh', [...gitlab.before_script, ...gitlab.script].join('\n')],
    ['gitlab: after_script', 'sh', gitlab.after_script.join('\n')],
  ];
}

describe('the folder', () => {
  it('has a row in its table for each recipe', () => {
    const readme = textOf(join(ROOT, 'README.md'));
    const linked = [...readme.matchAll(/\]\(([^)#:]+)\)/g)].map(([, path]) => path ?? '');
    for (const path of linked) expect(() => statSync(join(ROOT, path))).not.toThrow();
    for (const path of FILES.map((file) => relative(ROOT, file)))
      expect([path, path === 'README.md' || linked.some((link) => path.startsWith(link))]).toEqual([path, true]);
    expect(textOf('README.md')).toContain('(examples/ci/README.md)');
  });

  it.each([...YAML, ...SCRIPTS, ...FILES.filter((path) => path.endsWith('.tf'))])(
    '%s says at its head what to change',
    (path) => {
      const head = /^(#.*\n)+/.exec(textOf(path))?.[0] ?? '';
      expect(head).toMatch(/^# Change: /m);
    },
  );

  it('holds no token but a placeholder', () => {
    for (const path of FILES) expect([path, /slc_[A-Za-z0-9]/.test(textOf(path))]).toEqual([path, false]);
  });
});

describe('addresses', () => {
  const routes = Object.keys(JSON.parse(textOf('openapi/openapi.json')).paths);
  /** As the OCI specification has them; the document of the API leaves them to it. */
  const registry = ['/v2/sluice/{environment}/manifests/{reference}', '/v2/sluice/{environment}/blobs/{digest}'];
  const patterns = [...routes, ...registry].map(
    (route) => new RegExp(`^${route.replace(/[.]/g, '\\.').replace(/\{[^}]+\}/g, '[^/]+')}$`),
  );

  /** Paths as they are written: what begins with a variable that has the beginning of an address, and what has variables in it. */
  function pathsOf(text: string): string[] {
    const ASSIGNED = /^\s*(\w+)="\$SLUICE_URL(\/[^"]+)"$/gm;
    let filled = text.replace(ASSIGNED, '');
    for (const [, name, begin] of text.matchAll(ASSIGNED))
      filled = filled.replaceAll(`"$${name}/`, `"$SLUICE_URL${begin}/`);
    const urls = filled
      .replace(/\$\((cat|jq) [^()]*\)/g, 'x')
      .matchAll(/(?:\$SLUICE_URL|\$\{var\.sluice_url\}|sluice\.example\.com)(\/[^\s"'`?;)]+)/g);
    return [...urls].map(([, path]) => (path ?? '').replace(/\$\{?[\w.]+\}?/g, 'x'));
  }

  it.each(FILES.filter((path) => !path.endsWith('README.md') && !/argocd|flux.*yaml/.test(path)))(
    'of %s are those of the API',
    (path) => {
      const paths = pathsOf(textOf(path));
      if (!path.endsWith('archive/kustomization.yaml')) expect(paths.length).toBeGreaterThan(0);
      for (const one of paths) expect([one, patterns.some((pattern) => pattern.test(one))]).toEqual([one, true]);
    },
  );

  it('a path that is none would be noticed', () => {
    for (const wrong of [
      '/v1/environments/x/bundle/latest',
      '/v1/environments/x/bundles/latest/manifest.yaml',
      '/v2/sluice/x/tag/list',
    ])
      expect(patterns.some((pattern) => pattern.test(wrong))).toBe(false);
  });
});

describe('shell', () => {
  it.each(shellOf())('%s is read by %s', (_, shell, text) => {
    const { status, stderr } = spawnSync(shell, ['-n'], { input: text, encoding: 'utf8' });
    expect([status, stderr]).toEqual([0, '']);
  });

  const SHELLCHECK = spawnSync('shellcheck', ['--version']).status === 0;
  if (!SHELLCHECK) console.log('skipped: shellcheck over the recipes, as it is not on this machine');
  it.skipIf(!SHELLCHECK).each(shellOf())('shellcheck has nothing to say of %s (%s)', (_, shell, text) => {
    const { status, stdout } = spawnSync('shellcheck', [`--shell=${shell}`, '-'], { input: text, encoding: 'utf8' });
    expect([status, stdout]).toEqual([0, '']);
  });

  it.each(SCRIPTS)('%s ends at the first failure, and gives no token as an argument', (path) => {
    expect(textOf(path)).toMatch(/^#!\/bin\/sh\n/);
    expect(textOf(path)).toMatch(/^set -eu$/m);
    expect(textOf(path)).not.toMatch(/curl[^|\n]*SLUICE_TOKEN/);
  });
});

describe('what controllers need', () => {
  it('Flux: a verified source, and a Kustomization of it that prunes', () => {
    const source = documentOf('flux/netpol.yaml', 'OCIRepository');
    const applied = documentOf('flux/netpol.yaml', 'Kustomization');
    expect(source.apiVersion).toBe('source.toolkit.fluxcd.io/v1');
    expect(source.spec).toEqual({
      interval: expect.stringMatching(/^\d+[smh]$/),
      url: expect.stringMatching(/^oci:\/\/[^:@]+\/sluice\/[a-z0-9-]+$/), // no tag in it
      ref: { semver: expect.any(String) },
      secretRef: { name: expect.any(String) },
      verify: { provider: 'cosign', secretRef: { name: expect.any(String) } },
    });
    expect(applied.apiVersion).toBe('kustomize.toolkit.fluxcd.io/v1');
    expect(applied.spec).toMatchObject({
      interval: expect.stringMatching(/^\d+[smh]$/),
      sourceRef: { kind: 'OCIRepository', name: source.metadata.name },
      path: './',
      prune: true,
    });
    expect(applied.metadata.namespace).toBe(source.metadata.namespace);
  });

  it('Argo CD: a repository of type oci, and an Application of it that prunes last', () => {
    const secret = documentOf('argocd/repository.yaml', 'Secret');
    expect(secret.metadata.labels).toEqual({ 'argocd.argoproj.io/secret-type': 'repository' });
    expect(secret.stringData).toMatchObject({
      type: 'oci',
      url: expect.stringMatching(/^oci:\/\//),
      username: 'ci',
      password: 'slc_...',
    });
    const { metadata, spec } = documentOf('argocd/applicationset.yaml', 'ApplicationSet');
    expect(metadata.namespace).toBe(secret.metadata.namespace);
    const { source, destination, syncPolicy } = spec.template.spec;
    expect(source.path).toBe('.');
    expect(syncPolicy.automated).toEqual({ prune: true, selfHeal: true });
    expect(syncPolicy.syncOptions).toContain('PruneLast=true');
    const used = [...JSON.stringify(spec.template).matchAll(/\{\{\.(\w+)\}\}/g)].map(([, name]) => name ?? '');
    expect(destination.name).toBe('{{.cluster}}');
    for (const element of spec.generators[0].list.elements)
      expect(Object.keys(element).sort()).toEqual([...new Set(used)].sort());
  });

  it('GitHub: steps of known kinds, secrets in the environment of a step only', () => {
    const { on, jobs, permissions, concurrency } = documentOf('github/workflow.yaml');
    expect(Object.keys(on)).toEqual(['schedule', 'workflow_dispatch']);
    expect(permissions).toEqual({ contents: 'read' });
    expect(concurrency).toEqual(expect.any(String));
    for (const { name, uses, run, env } of jobs.apply.steps) {
      expect([name, (uses === undefined) !== (run === undefined)]).toEqual([name, true]);
      if (uses !== undefined) expect(uses).toMatch(/^[\w-]+\/[\w-]+@v\d+$/);
      expect(run ?? '').not.toContain('${{'); // what comes from outside is never part of a script
      if (/SLUICE_TOKEN/.test(run ?? '')) expect(env.SLUICE_TOKEN).toBe('${{ secrets.SLUICE_TOKEN }}');
    }
  });

  it('GitLab: one job with its scripts, a cache, and a lock', () => {
    const job = documentOf('gitlab/network-policies.gitlab-ci.yml')['network-policies'];
    expect(job).toMatchObject({
      image: expect.any(String),
      resource_group: expect.any(String),
      cache: { paths: ['netpol'] },
    });
    for (const part of ['before_script', 'script', 'after_script'])
      expect(job[part].every((line: unknown) => typeof line === 'string')).toBe(true);
    expect(JSON.stringify(job.variables)).not.toMatch(/TOKEN/);
  });

  it.each(['kustomize/remote', 'kustomize/archive'])('%s: keeps the order of the version', (folder) => {
    const made = documentOf(`${folder}/kustomization.yaml`, 'Kustomization');
    expect(made).toMatchObject({ apiVersion: 'kustomize.config.k8s.io/v1beta1', sortOptions: { order: 'fifo' } });
    expect(made.resources).toHaveLength(1);
  });
});

describe('.ci/clients', () => {
  const text = textOf('.ci/clients');

  it('never fails, and names no host', () => {
    const { status } = spawnSync('sh', ['-n', '.ci/clients']);
    expect(status).toBe(0);
    expect(text).not.toMatch(/https?:|[a-z]\.(com|org|io|net)\b/);
    const nowhere = spawnSync('/bin/sh', ['.ci/clients'], { env: { PATH: '/nonexistent' }, encoding: 'utf8' });
    expect([nowhere.status, nowhere.stdout]).toEqual([0, expect.stringContaining('tests that need them are skipped')]);
  });
});
