import { describe, expect, test } from 'vitest';
import { SluiceError } from '../../../src/domain/errors.js';
import { readManifests } from '../../../src/domain/kubernetes/read-manifests.js';
import { workloadRef } from '../../../src/domain/kubernetes/workload.js';

const refs = (input: unknown) =>
  readManifests(input).workloads.map((workload) => `${workloadRef(workload)} ${JSON.stringify(workload.labels)}`);
const codes = (input: unknown) =>
  readManifests(input).findings.map(({ code, severity, path }) => `${severity} ${code} ${path}`);
const template = (labels: object) => ({ template: { metadata: { labels } } });
const pod = (name: string, owner?: object, labels: object = {}) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, labels, ...(owner && { ownerReferences: [{ controller: true, ...owner }] }) },
});

function refusal(input: unknown): SluiceError {
  try {
    readManifests(input);
  } catch (error) {
    if (error instanceof SluiceError) return error;
    throw error;
  }
  throw new Error('it was accepted');
}

describe('objects', () => {
  test('a stream of YAML, JSON, an array, a List and typed lists say the same', () => {
    const a = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a' } };
    const b = { ...a, metadata: { name: 'b' } };
    const want = ['default/a[Pod] {}', 'default/b[Pod] {}'];
    expect(
      refs(
        '# comment\n---\nkind: Pod\napiVersion: v1\nmetadata: {name: a}\n---\n---\nkind: Pod\napiVersion: v1\nmetadata:\n  name: b\n',
      ),
    ).toEqual(want);
    expect(refs(JSON.stringify([a, b]))).toEqual(want);
    expect(refs([a, b])).toEqual(want);
    expect(
      refs({ apiVersion: 'v1', kind: 'List', items: [a, { apiVersion: 'v1', kind: 'List', items: [b] }] }),
    ).toEqual(want);
    expect(
      refs({ apiVersion: 'v1', kind: 'PodList', items: [{ metadata: { name: 'a' } }, { metadata: { name: 'b' } }] }),
    ).toEqual(want);
    expect(refs(`${JSON.stringify(a)}\n---\n${JSON.stringify(b)}`)).toEqual(want);
  });

  test('nothing is no error', () => {
    expect(readManifests('')).toEqual({ namespaces: [], workloads: [], services: [], policies: [], findings: [] });
    expect(readManifests('---\n# nothing\n---\n').workloads).toEqual([]);
    expect(readManifests([]).workloads).toEqual([]);
  });

  test('what is no object is skipped and said, but not where nothing is one', () => {
    expect(codes('kind: Pod\napiVersion: v1\nmetadata: {name: a}\n---\na: b\n---\njust text\n')).toEqual([
      'warning not-an-object #/1',
      'warning not-an-object #/2',
    ]);
    expect(refusal('just text')).toMatchObject({
      code: 'malformed',
      message: expect.stringContaining('line 1') as string,
    });
    expect(refusal({ a: 1 }).code).toBe('malformed');
    expect(refusal(null).code).toBe('malformed');
  });

  test('of an object given twice the last counts', () => {
    const one = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'a' }, spec: template({ v: '1' }) };
    const input = [one, { ...one, spec: template({ v: '2' }) }];
    expect(refs(input)).toEqual(['default/a[Deployment] {"v":"2"}']);
    expect(codes(input)).toEqual(['warning object-repeated default/a']);
  });

  test('of a Namespace given twice too, as it is in no namespace itself', () => {
    const namespace = (stage: string) => ({
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: 'shop', labels: { stage } },
    });
    const { namespaces, findings } = readManifests([namespace('dev'), namespace('prod')]);
    expect(namespaces).toEqual([{ name: 'shop', labels: { stage: 'prod', 'kubernetes.io/metadata.name': 'shop' } }]);
    expect(findings.map(({ code, path }) => `${code} ${path}`)).toEqual(['object-repeated shop']);
  });

  test('an object without a name is refused', () => {
    expect(refusal([{ apiVersion: 'v1', kind: 'Pod' }]).problems).toMatchObject([
      { pointer: '#/0/metadata/name', code: 'required' },
    ]);
  });
});

describe('kinds', () => {
  test('every kind that makes pods is read by its template', () => {
    const make = (kind: string, apiVersion: string) => ({
      kind,
      apiVersion,
      metadata: { name: 'a' },
      spec: template({ of: kind }),
    });
    const kinds = [
      make('Deployment', 'apps/v1'),
      make('StatefulSet', 'apps/v1'),
      make('DaemonSet', 'apps/v1'),
      make('ReplicaSet', 'apps/v1'),
      make('ReplicationController', 'v1'),
      make('Job', 'batch/v1'),
      {
        kind: 'CronJob',
        apiVersion: 'batch/v1',
        metadata: { name: 'a' },
        spec: { jobTemplate: { spec: template({ of: 'CronJob' }) } },
      },
    ];
    expect(refs(kinds)).toEqual(kinds.map(({ kind }) => `default/a[${kind}] {"of":"${kind}"}`));
  });

  test('kinds that do not matter are counted, other policies are errors', () => {
    const named = (apiVersion: string, kind: string) => ({ apiVersion, kind, metadata: { name: 'x', namespace: 'n' } });
    expect(
      codes([
        named('v1', 'ConfigMap'),
        named('v1', 'ConfigMap'),
        named('foo.io/v1', 'Deployment'),
        named('projectcalico.org/v3', 'StagedNetworkPolicy'),
        named('cilium.io/v2', 'CiliumNetworkPolicy'),
        named('cilium.io/v2', 'CiliumClusterwideNetworkPolicy'),
        named('projectcalico.org/v3', 'NetworkPolicy'),
        named('crd.projectcalico.org/v1', 'GlobalNetworkPolicy'),
        named('policy.networking.k8s.io/v1alpha1', 'AdminNetworkPolicy'),
        named('policy.networking.k8s.io/v1alpha1', 'BaselineAdminNetworkPolicy'),
        named('policy.networking.k8s.io/v1alpha2', 'ClusterNetworkPolicy'),
      ]),
    ).toEqual([
      ...Array.from({ length: 7 }, () => 'error policy-kind-not-included n/x'),
      'info kind-skipped foo.io/v1 Deployment',
      'info kind-skipped projectcalico.org/v3 StagedNetworkPolicy',
      'info kind-skipped v1 ConfigMap',
    ]);
  });

  test('the API before networking.k8s.io/v1 is read, and said; none at all is refused', () => {
    const policy = { apiVersion: 'extensions/v1beta1', kind: 'NetworkPolicy', metadata: { name: 'x' } };
    expect(codes([policy])).toEqual(['warning api-version-removed default/x']);
    expect(refusal([{ kind: 'NetworkPolicy', metadata: { name: 'x' } }]).problems).toMatchObject([
      { code: 'api-version' },
    ]);
  });
});

describe('owners', () => {
  const deployment = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web' },
    spec: template({ app: 'web' }),
  };
  const replicas = {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: { name: 'web-1', ownerReferences: [{ kind: 'Deployment', name: 'web', controller: true }] },
    spec: template({ app: 'old' }),
  };

  test('a pod stands under its controlling owner, and only under that', () => {
    expect(
      refs([pod('a', { kind: 'DaemonSet', name: 'agents' }), pod('b', { kind: 'X', name: 'x', controller: false })]),
    ).toEqual(['default/agents[DaemonSet] {}', 'default/b[Pod] {}']);
  });

  test('owners are followed as far as they are given', () => {
    const one = pod('web-1-x', { kind: 'ReplicaSet', name: 'web-1' }, { app: 'web', 'pod-template-hash': '1' });
    expect(refs([one])).toEqual(['default/web-1[ReplicaSet] {"app":"web","pod-template-hash":"1"}']);
    expect(refs([replicas, one])).toEqual(['default/web-1[ReplicaSet] {"app":"web","pod-template-hash":"1"}']);
    expect(refs([deployment, replicas, one])).toEqual([
      'default/web[Deployment] {"app":"web","pod-template-hash":"1"}',
    ]);
    expect(refs([deployment, replicas])).toEqual(['default/web[Deployment] {"app":"web"}']);
    expect(refs([replicas])).toEqual(['default/web-1[ReplicaSet] {"app":"old"}']);
  });

  test('the pod of a node has no owner, and owners in a circle end', () => {
    expect(refs([pod('kube-proxy-n1', { kind: 'Node', name: 'n1' })])).toEqual(['default/kube-proxy-n1[Pod] {}']);
    const circle = (name: string, owner: string) => ({
      ...replicas,
      metadata: { name, ownerReferences: [{ kind: 'ReplicaSet', name: owner, controller: true }] },
    });
    expect(refs([circle('a', 'b'), circle('b', 'a'), pod('p', { kind: 'ReplicaSet', name: 'a' })])).toHaveLength(1);
  });
});

describe('pods', () => {
  test('ports, sidecars, host network and addresses', () => {
    const [read] = readManifests([
      {
        ...pod('a'),
        spec: {
          hostNetwork: true,
          containers: [
            {
              ports: [{ name: 'http', containerPort: 80 }, { containerPort: 81 }, { name: 'typo', containerport: 82 }],
            },
          ],
          initContainers: [
            { restartPolicy: 'Always', ports: [{ name: 'm', containerPort: 90, protocol: 'UDP' }] },
            { ports: [{ name: 'x', containerPort: 1 }] },
          ],
        },
        status: { podIP: '10.0.0.1', podIPs: [{ ip: '10.0.0.1' }, { ip: 'fd00::1' }], hostIP: '192.168.0.1' },
      },
    ]).workloads;
    expect(read).toMatchObject({
      hostNetwork: true,
      namedPorts: [
        { name: 'http', protocol: 'TCP', port: 80, container: 'regular' },
        { name: 'm', protocol: 'UDP', port: 90, container: 'sidecar' },
      ],
      addresses: ['10.0.0.1', 'fd00::1'],
      hostAddresses: ['192.168.0.1'],
    });
  });

  test('labels that are no texts are read as written, and said', () => {
    expect(refs([pod('a', undefined, { v: 1, on: true, none: null })])).toEqual([
      'default/a[Pod] {"v":"1","on":"true","none":""}',
    ]);
    expect(codes([pod('a', undefined, { v: 1 })])).toEqual(['warning label-not-text default/a']);
  });

  test('a Service is read by what it points to', () => {
    const service = {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 's' },
      spec: {
        type: 'ClusterIP',
        selector: { app: 'a' },
        ports: [
          { port: 80, targetPort: 'http' },
          { port: 53, protocol: 'UDP' },
        ],
      },
    };
    expect(readManifests([service]).services).toEqual([
      {
        namespace: 'default',
        name: 's',
        type: 'ClusterIP',
        selector: { app: 'a' },
        ports: [
          { protocol: 'TCP', port: 80, targetPort: 'http' },
          { protocol: 'UDP', port: 53, targetPort: 53 },
        ],
      },
    ]);
  });
});

describe('broken and hostile YAML', () => {
  test.each([
    ['wrong indentation', 'kind: Pod\nmetadata:\n  name: a\n bad: x\n', 4],
    ['a list that never closes', 'a: b\n---\nkind: Pod\nfoo: [1, 2\nx: y\n', 5],
    ['a key twice', 'kind: Pod\nmetadata:\n  name: a\n  name: b\n', 4],
    ['an alias to nothing', 'a: 1\nb: *x\n', 2],
    ['a closing brace alone', 'a: 1\n---\n}\n', 3],
    ['a tab', 'a:\n\tb: 1\n', 2],
  ])('%s names its line', (_, text, line) => {
    expect(refusal(text)).toMatchObject({
      code: 'malformed',
      message: expect.stringMatching(new RegExp(`^the YAML is broken at line ${line}: (?!the YAML)`)) as string,
    });
  });

  const bomb = Array.from(
    { length: 30 },
    (_, i) => `a${i + 1}: &a${i + 1} [${Array.from({ length: 9 }, () => `*a${i}`).join()}]`,
  );
  test.each([
    ['20,000 open brackets', '['.repeat(20_000)],
    ['20,000 brackets that close', '['.repeat(20_000) + ']'.repeat(20_000)],
    ['a million open brackets', '['.repeat(1_000_000)],
    ['20,000 open braces', '{a: '.repeat(20_000)],
    ['20,000 dashes', '- '.repeat(20_000)],
    ['20,000 question marks', '? '.repeat(20_000)],
    ['3,000 levels of indentation', Array.from({ length: 3000 }, (_, i) => `${' '.repeat(i)}a:`).join('\n')],
    ['deep JSON', `{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`],
    ['200,000 errors', `[${','.repeat(200_000)}]`],
    ['an alias bomb', `a0: &a0 [x]\n${bomb.join('\n')}`],
    ['50,000 aliases', `a: &x 1\nb: [${'*x,'.repeat(50_000)}]`],
  ])('%s: refused quickly', (_, text) => {
    const start = performance.now();
    expect(refusal(text).code).toBe('malformed');
    expect(performance.now() - start).toBeLessThan(10_000);
  });

  test.each([
    ['a million empty documents', '---\n'.repeat(1_000_000)],
    ['a million of them, ended', '---\n...\n'.repeat(500_000)],
    ['a million of them, with carriage returns', '---\r\n'.repeat(1_000_000)],
    ['five million empty lines', '\n'.repeat(5_000_000)],
  ])('%s: too much, before anything is read', (_, text) => {
    const [start, memory] = [performance.now(), process.memoryUsage().heapUsed];
    expect(refusal(text).code).toBe('payload-too-large');
    expect(performance.now() - start).toBeLessThan(1000); // some 10 ms where nothing else runs
    expect(process.memoryUsage().heapUsed - memory).toBeLessThan(100_000_000);
  });

  test('as many documents as a large estate has are read', () => {
    expect(refs('---\nkind: Pod\napiVersion: v1\nmetadata: {name: a}\n'.repeat(300))).toEqual(['default/a[Pod] {}']);
    expect(readManifests('---\n'.repeat(20_000)).workloads).toEqual([]);
  });

  test.each([
    ['a control structure', '{{- if .Values.web }}\nkind: Pod\n{{- end }}\n', 1],
    ['a value', 'kind: Pod\nmetadata:\n  name: {{ .Release.Name }}\n', 3],
    ['a part of a value', 'kind: Pod\nmetadata:\n  name: {{ .Release.Name }}-web\n', 3],
    ['an include among labels', 'kind: Pod\nmetadata:\n  labels:\n    {{- include "x" . | nindent 4 }}\n', 4],
    ['nothing but an include', '{{ include "common.deployment" . }}\n', 1],
    ['a comment before YAML', '{{/* the web */}}\nkind: Pod\n', 1],
  ])('a template is called one: %s', (_, text, line) => {
    expect(refusal(text)).toMatchObject({
      code: 'malformed',
      message: expect.stringMatching(new RegExp(`^line ${line} has a template action .*helm template`)) as string,
    });
  });

  test('braces in texts make no template; where something else is broken they are a remark', () => {
    const rule = 'kind: ConfigMap\napiVersion: v1\ndata: {rule: \'{{ $labels.pod }}\', more: "{{x}}"}\n';
    expect(codes(`${rule}---\nkind: ConfigMap\napiVersion: v1\ndata:\n  a: |\n    {{ x }}\n`)).toEqual([
      'info kind-skipped v1 ConfigMap',
    ]);
    expect(refusal('a: |\n  {{ x }}\nb: c\nd: e: f\n').message).toMatch(
      /^the YAML is broken at line 4: .*if it is a template/,
    );
    expect(refusal('? {a: b}\n: c\n').message).toMatch(/line 1/);
    expect(refusal('? - a\n: c\n').message).toBe('the YAML is broken at line 1: a list or mapping stands as a key');
  });

  test('an alias may be used a hundred times; what only looks like one is none', () => {
    const uses = (count: number) =>
      `kind: Pod\napiVersion: v1\nmetadata: {name: a}\na: &x 1\nb: [${'*x,'.repeat(count)}]\n`;
    expect(refs(`${uses(100)}---\n${uses(100)}`)).toEqual(['default/a[Pod] {}']);
    expect(refusal(uses(101)).message).toBe('the YAML is broken at line 5: the alias *x stands more than 100 times');
    const texts = Array.from({ length: 200 }, (_, i) => `k${i}: "*x"\nl${i}: |\n  *x\n`).join('');
    expect(refs(`kind: Pod\napiVersion: v1\nmetadata: {name: a}\n${texts}`)).toEqual(['default/a[Pod] {}']);
  });

  test('lists in lists in lists, and a list that holds itself, come to an end', () => {
    const input =
      'kind: List\napiVersion: v1\nitems: &i\n- {kind: List, items: *i}\n- {kind: List, items: *i}\n- {kind: Pod, apiVersion: v1, metadata: {name: a}}\n';
    expect(refs(input)).toEqual(['default/a[Pod] {}']);
  });

  test('many keys in one mapping are read in time', () => {
    const start = performance.now();
    const labels = Array.from({ length: 20_000 }, (_, i) => `    k${i}: v`).join('\n');
    expect(
      Object.keys(
        readManifests(`kind: Pod\napiVersion: v1\nmetadata:\n  name: a\n  labels:\n${labels}\n`).workloads[0]?.labels ??
          {},
      ),
    ).toHaveLength(20_000);
    expect(performance.now() - start).toBeLessThan(15_000);
  });

  test('keys of every object are no labels and no fields', () => {
    const [read] = readManifests(
      JSON.parse('[{"apiVersion":"v1","kind":"Pod","metadata":{"name":"a","labels":{"__proto__":"x"}}}]'),
    ).workloads;
    expect(Object.keys(read?.labels ?? {})).toEqual(['__proto__']);
    expect(
      refusal([{ apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name: 'a' }, constructor: 1 }])
        .problems,
    ).toMatchObject([{ code: 'unknown-field' }]);
  });

  test('merge keys and anchors within reason are read', () => {
    expect(
      refs('x: &l {app: web}\nkind: Pod\napiVersion: v1\nmetadata:\n  name: a\n  labels:\n    <<: *l\n    tier: x\n'),
    ).toEqual(['default/a[Pod] {"app":"web","tier":"x"}']);
  });
});
