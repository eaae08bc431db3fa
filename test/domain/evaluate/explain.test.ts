import { describe, expect, test } from 'vitest';
import { SluiceError } from '../../../src/domain/errors.js';
import { allowedPorts } from '../../../src/domain/evaluate/allowed.js';
import { explain } from '../../../src/domain/evaluate/explain.js';
import { formatPortSet } from '../../../src/domain/evaluate/port-set.js';
import { buildWorld } from '../../../src/domain/evaluate/world.js';
import { defaultPolicy } from '../../../src/domain/kubernetes/defaulting.js';

const policy = (name: string, spec: object) => defaultPolicy({ metadata: { name, namespace: 'shop' }, spec });
const workload = (name: string, kind: string, app = name) => ({ namespace: 'shop', name, kind, labels: { app } });
const app = (name: string) => ({ podSelector: { matchLabels: { app: name } } });

const world = buildWorld({
  namespaces: [],
  workloads: [
    workload('web', 'Deployment'),
    workload('db', 'StatefulSet'),
    workload('job', 'Job'),
    workload('job', 'CronJob'),
  ],
  policies: [
    policy('default-deny', { policyTypes: ['Ingress', 'Egress'] }),
    policy('db', {
      ...app('db'),
      ingress: [{ from: [app('job')] }, { from: [app('web')], ports: [{ port: 5432 }, { port: 5433 }] }],
    }),
    policy('web', { ...app('web'), policyTypes: ['Egress'], egress: [{ to: [app('db')], ports: [{ port: 5432 }] }] }),
    policy('out', {
      ...app('web'),
      policyTypes: ['Egress'],
      egress: [{ to: [{ ipBlock: { cidr: '10.0.0.0/8', except: ['10.1.0.0/16'] } }], ports: [{ port: 443 }] }],
    }),
  ],
});

function refusal(ask: () => unknown): SluiceError {
  try {
    ask();
  } catch (error) {
    if (error instanceof SluiceError) return error;
  }
  throw new Error('it was answered');
}

describe('a verdict keeps its reasons', () => {
  test('every policy that isolates, the rules that allow, and why the others do not', () => {
    expect(explain(world, 'shop/web', 'shop/db')).toEqual({
      src: 'shop/web[Deployment]',
      dst: 'shop/db[StatefulSet]',
      allowed: 'TCP 5432',
      denied: 'SCTP 1-65535,TCP 1-5431,5433-65535,UDP 1-65535',
      egress: {
        allowed: 'TCP 5432',
        reason: '3 policies isolate shop/web[Deployment] for egress: TCP 5432 with shop/db[StatefulSet]',
        policies: [
          {
            policy: 'shop/default-deny',
            allowed: 'No Connections',
            rules: [],
            reason: 'it has no rules, so it allows nothing',
          },
          {
            policy: 'shop/out',
            allowed: 'No Connections',
            rules: [],
            reason: 'its one rule does not select shop/db[StatefulSet]',
          },
          {
            policy: 'shop/web',
            allowed: 'TCP 5432',
            rules: [1],
            reason: 'rule 1 allows shop/db[StatefulSet] on TCP 5432',
          },
        ],
      },
      ingress: {
        allowed: 'TCP 5432-5433',
        reason: '2 policies isolate shop/db[StatefulSet] for ingress: TCP 5432-5433 with shop/web[Deployment]',
        policies: [
          {
            policy: 'shop/db',
            allowed: 'TCP 5432-5433',
            rules: [2],
            reason: 'rule 2 allows shop/web[Deployment] on TCP 5432-5433',
          },
          {
            policy: 'shop/default-deny',
            allowed: 'No Connections',
            rules: [],
            reason: 'it has no rules, so it allows nothing',
          },
        ],
      },
      implementationDependent: [],
    });
  });

  test('asked about one port, the rules are those for that port', () => {
    const answer = explain(world, 'shop/web', 'shop/db', 'TCP/5433');
    expect(answer.port).toEqual({ port: 'TCP/5433', allowed: false });
    expect(answer.ingress.policies[0]?.rules).toEqual([2]);
    expect(answer.egress.policies[2]).toMatchObject({
      rules: [],
      reason: 'rule 1 selects shop/db[StatefulSet], but not on these ports',
    });
  });

  test('where nothing isolates, and where an end is outside', () => {
    const answer = explain(world, '1.2.3.4', 'shop/web');
    expect(answer.egress).toEqual({
      allowed: 'All Connections',
      reason: '1.2.3.4-1.2.3.4[External] is outside the cluster, where no policy holds',
      policies: [],
    });
    expect(answer.ingress.reason).toBe(
      '1 policy isolates shop/web[Deployment] for ingress: No Connections with 1.2.3.4-1.2.3.4[External]',
    );
    const open = buildWorld({ namespaces: [], policies: [], workloads: [workload('web', 'Deployment')] });
    expect(explain(open, '::1', 'shop/web').ingress.reason).toBe(
      'no policy isolates shop/web[Deployment] for ingress: everything is allowed',
    );
  });
});

describe('who is meant', () => {
  test('by name, by name and kind, by address, CIDR or range', () => {
    const ask = (to: string) => formatPortSet(allowedPorts(world, 'shop/web', to));
    expect(ask('shop/db[StatefulSet]')).toBe('TCP 5432');
    expect(ask('10.0.0.1')).toBe('TCP 443');
    expect(ask('10.2.0.0/16')).toBe('TCP 443');
    expect(ask('10.2.0.0-10.255.255.255[External]')).toBe('TCP 443');
    expect(ask('10.1.0.0-10.1.0.9')).toBe('No Connections');
    expect(ask('fd00::1')).toBe('No Connections');
  });

  test('what is unclear or unknown is refused by name', () => {
    expect(refusal(() => explain(world, 'shop/web', 'shop/cache'))).toMatchObject({
      code: 'not-found',
      message: expect.stringContaining('"shop/cache"') as string,
    });
    expect(refusal(() => explain(world, 'shop/job', 'shop/db')).message).toContain(
      'shop/job[CronJob] or shop/job[Job]',
    );
    expect(refusal(() => explain(world, 'shop/web', '10.0.0.0-9.0.0.0')).code).toBe('not-found');
    expect(refusal(() => explain(world, 'shop/web', '10.0.0.0/8')).message).toContain(
      '10.0.0.0-10.0.255.255[External] (TCP 443), 10.1.0.0-10.1.255.255[External] (No Connections)',
    );
  });
});
