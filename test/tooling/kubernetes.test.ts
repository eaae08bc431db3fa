import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { analyze, type AnalysisAnswer } from '../../src/domain/analysis/analyze.js';
import { readManifests } from '../../src/domain/kubernetes/read-manifests.js';
import { lintManifests } from '../../src/domain/lint/manifests/lint-manifests.js';
import { renderBundle } from '../../src/domain/render/bundle.js';
import { wholeYaml } from '../../src/domain/render/yaml.js';
import { snapshotOf } from '../domain/overview/estate-snapshot.js';

const BASE = 'examples/kubernetes/base';
const OVERLAY = 'examples/kubernetes/overlays/example';
const POLICIES = join(BASE, 'network-policies.yaml');

/** The objects of a folder, less what is Kustomize's own. */
function objectsIn(folder: string): any[] {
  return readdirSync(folder)
    .filter((file) => file !== 'kustomization.yaml')
    .flatMap((file) => parseAllDocuments(textOf(join(folder, file))))
    .map((document) => {
      expect(document.errors).toEqual([]);
      return document.toJS({ maxAliasCount: 10 }) as unknown;
    });
}

const textOf = (path: string) => readFileSync(path, 'utf8');
const all = [...objectsIn(BASE), ...objectsIn(OVERLAY)];
const one = (kind: string) => all.find((object) => object.kind === kind);
const { spec: deployment } = one('Deployment');
const pod = deployment.template.spec;
const [container] = pod.containers;
const manifests = all.map((object) => JSON.stringify(object)).join('\n---\n');

/** What the policies among some manifests allow, as the analysis API answers. */
function allowed(value: string): Extract<AnalysisAnswer, { kind: 'connections' }>['body'] {
  const answer = analyze({ kind: 'connections', manifests: { kind: 'value', value }, options: {} });
  if (answer.kind !== 'connections') throw new Error(`asked for connections, told of ${answer.kind}`);
  return answer.body;
}

/** Who stands on the other side of each flow, so that there is somebody to judge. */
const NEIGHBOURS = [
  ['ingress-nginx', 'controller', 'app.kubernetes.io/name: ingress-nginx, app.kubernetes.io/component: controller'],
  ['monitoring', 'prometheus', 'app.kubernetes.io/name: prometheus'],
  ['databases', 'postgres', 'app.kubernetes.io/name: postgresql'],
  ['kube-system', 'coredns', 'k8s-app: kube-dns'],
  ['sluice', 'stranger', 'app: stranger'],
]
  .map(
    ([namespace, name, labels]) =>
      `{apiVersion: apps/v1, kind: Deployment, metadata: {name: ${name}, namespace: ${namespace}}, spec: {template: {metadata: {labels: {${labels}}}}}}`,
  )
  .join('\n---\n');

describe('the NetworkPolicies of Sluice itself', () => {
  const bundle = renderBundle(snapshotOf(textOf('examples/sluice-itself/estate.yaml'), 'platform'));
  const rendered = Buffer.from(wholeYaml(bundle)).toString();

  it('are what Sluice renders from its estate, byte for byte', () => {
    if (process.env['GOLDEN'] === 'write') writeFileSync(POLICIES, rendered);
    expect(textOf(POLICIES)).toBe(rendered);
    expect(bundle.findings).toEqual([]);
  });

  it('let in the ingress controller and Prometheus, let out to PostgreSQL, DNS and the internet by https, and nothing else', () => {
    const { connections } = allowed(`${manifests}\n---\n${NEIGHBOURS}`);
    const ofSluice = connections.filter(({ src, dst }) => `${src} ${dst}`.includes('sluice/sluice[Deployment]'));
    const inside = ofSluice.filter(({ dst }) => !dst.includes('External'));
    expect(inside.map(({ src, dst, conn }) => `${src} => ${dst} : ${conn}`)).toEqual([
      'ingress-nginx/controller[Deployment] => sluice/sluice[Deployment] : TCP 3000',
      'monitoring/prometheus[Deployment] => sluice/sluice[Deployment] : TCP 3000',
      'sluice/sluice[Deployment] => databases/postgres[Deployment] : TCP 5432',
      'sluice/sluice[Deployment] => kube-system/coredns[Deployment] : TCP 53,UDP 53',
    ]);
    const outside = ofSluice.filter(({ dst }) => dst.includes('External'));
    expect(outside.length).toBeGreaterThan(1);
    expect(new Set(outside.map(({ conn }) => conn))).toEqual(new Set(['TCP 443']));
    // Not to the metadata service of a cloud, which is link-local.
    const covers = ({ dst }: { dst: string }) => /^169\.254\.\d+\.\d+-169\.254/.test(dst);
    expect(outside.filter(covers)).toEqual([]);
  });
});

describe('the manifests', () => {
  it('pass the analysis and lint without an error', () => {
    const { findings } = allowed(manifests);
    const linted = lintManifests(readManifests(manifests));
    expect([...findings, ...linted].filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(linted.filter(({ severity }) => severity === 'warning').map(({ code, path }) => `${code} ${path}`)).toEqual(
      [],
    );
  });

  it('select the same pods everywhere, in one namespace', () => {
    const labels = { 'app.kubernetes.io/name': 'sluice', 'app.kubernetes.io/component': 'server' };
    expect(deployment.template.metadata.labels).toEqual(labels);
    expect(deployment.selector.matchLabels).toEqual(labels);
    expect(one('Service').spec.selector).toEqual(labels);
    expect(one('PodDisruptionBudget').spec.selector.matchLabels).toEqual(labels);
    for (const { labelSelector } of pod.topologySpreadConstraints) expect(labelSelector.matchLabels).toEqual(labels);
    for (const { kind, metadata } of all)
      expect(kind === 'Namespace' ? metadata.name : metadata.namespace).toBe('sluice');
    expect(one('Ingress').spec.rules[0].http.paths[0].backend.service).toEqual({
      name: 'sluice',
      port: { name: 'http' },
    });
  });

  it('replace two replicas without a gap, with the time that the server takes to drain', () => {
    expect(deployment.replicas).toBe(2);
    expect(deployment.strategy.rollingUpdate).toEqual({ maxUnavailable: 0, maxSurge: 1 });
    expect(one('PodDisruptionBudget').spec.maxUnavailable).toBe(1);
    const drain = Number(/SHUTDOWN_MS = ([\d_]+)/.exec(textOf('src/main.ts'))?.[1]?.replaceAll('_', '')) / 1000;
    const [, seconds] = container.lifecycle.preStop.exec.command;
    expect(pod.terminationGracePeriodSeconds).toBeGreaterThan(Number(seconds) + drain);
    // Ready for the first time with the database; from then on versions are served without it, too.
    expect(container.startupProbe.httpGet).toEqual({ path: '/readyz', port: 'http' });
    for (const probe of [container.readinessProbe, container.livenessProbe])
      expect(probe.httpGet).toEqual({ path: '/livez', port: 'http' });
  });

  it('run as the user of the image, with no right that can be taken away, and write nowhere but into its data folder', () => {
    const dockerfile = textOf('Dockerfile');
    const [, uid, gid] = /^USER (\d+):(\d+)$/m.exec(dockerfile) ?? [];
    expect(pod.securityContext).toEqual({
      runAsNonRoot: true,
      runAsUser: Number(uid),
      runAsGroup: Number(gid),
      fsGroup: Number(gid),
      seccompProfile: { type: 'RuntimeDefault' },
    });
    expect(container.securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
    expect(container.volumeMounts.filter(({ readOnly }: any) => readOnly !== true)).toEqual([
      { name: 'data', mountPath: /SLUICE_DATA_DIR=(\S+)/.exec(dockerfile)?.[1] },
    ]);
    expect([pod.automountServiceAccountToken, one('ServiceAccount').automountServiceAccountToken]).toEqual([
      false,
      false,
    ]);
    expect(one('Namespace').metadata.labels['pod-security.kubernetes.io/enforce']).toBe('restricted');
  });

  it('hold no secret, ask for resources, and name the port of the image', () => {
    expect(one('Secret')).toBeUndefined();
    expect(container.env.find(({ name }: any) => name === 'DATABASE_URL')).toEqual({
      name: 'DATABASE_URL',
      valueFrom: { secretKeyRef: { name: 'sluice-database', key: 'url' } },
    });
    expect(Object.keys(container.resources.requests)).toEqual(['cpu', 'memory']);
    expect(container.ports).toEqual([{ name: 'http', containerPort: 3000, protocol: 'TCP' }]);
    expect(textOf('Dockerfile')).toContain('EXPOSE 3000\n');
  });

  it('set only what Sluice knows', () => {
    const known = textOf('src/platform/config.ts');
    const patched = [...textOf(join(OVERLAY, 'kustomization.yaml')).matchAll(/name: (SLUICE_\w+)/g)].map(
      ([, name]) => name,
    );
    expect(patched).toEqual(['SLUICE_PUBLIC_URL']);
    for (const name of [...container.env.map((variable: any) => variable.name), ...patched])
      expect(known, name).toContain(`'${name}'`);
  });
});

describe('kustomize', () => {
  it('is told of every file, and of none that is not there', () => {
    for (const folder of [BASE, OVERLAY]) {
      const { resources } = parse(textOf(join(folder, 'kustomization.yaml'))) as { resources: string[] };
      for (const resource of resources) expect(existsSync(join(folder, resource)), resource).toBe(true);
      const files = readdirSync(folder).filter((file) => file !== 'kustomization.yaml');
      expect(resources.filter((resource) => resource.endsWith('.yaml')).sort()).toEqual(files.sort());
    }
  });

  const kubectl = kubectlWorks();
  it.skipIf(!kubectl)(`builds the overlay${kubectl ? '' : ' (skipped: there is no kubectl)'}`, () => {
    const built = parseAllDocuments(execFileSync('kubectl', ['kustomize', OVERLAY], { encoding: 'utf8' })).map(
      (document) => document.toJS({ maxAliasCount: 10 }) as any,
    );
    expect(built.map(({ kind }) => kind as string).sort()).toEqual(all.map(({ kind }) => kind).sort());
    const [ran] = built.find(({ kind }) => kind === 'Deployment').spec.template.spec.containers;
    expect(ran.image).toBe('registry.example.com/platform/sluice:0.1.0');
    expect(ran.env.at(-1)).toEqual({ name: 'SLUICE_PUBLIC_URL', value: 'https://sluice.example.com' });
  });
});

function kubectlWorks(): boolean {
  try {
    execFileSync('kubectl', ['kustomize', '--help'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
