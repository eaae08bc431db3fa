import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import type { NetworkPolicy } from '../../src/domain/kubernetes/network-policy.js';
import { planSteps } from '../../src/domain/plan/plan.js';
import { writeScript } from '../../src/domain/plan/write-script.js';
import { allow, deny } from '../domain/plan/objects.js';

const home = mkdtempSync(join(tmpdir(), 'plan-script-'));
const log = join(home, 'calls.jsonl');
afterAll(() => rmSync(home, { recursive: true }));
beforeEach(() => writeFileSync(log, ''));

/** Notes its arguments and its input; fails where the object is called as FAIL_AT says. */
writeFileSync(
  join(home, 'kubectl'),
  `#!${process.execPath}
const { appendFileSync, readFileSync } = require('node:fs');
const args = process.argv.slice(2);
const input = args[0] === 'apply' ? readFileSync(0, 'utf8') : '';
appendFileSync(${JSON.stringify(log)}, JSON.stringify({ args, input }) + '\\n');
if (process.env.FAIL_AT && (input + args.join(' ')).includes(process.env.FAIL_AT)) process.exit(1);
`,
);
chmodSync(join(home, 'kubectl'), 0o755);

interface Call {
  readonly args: readonly string[];
  readonly input: string;
}

function run(script: string, args: readonly string[] = [], env: Record<string, string> = {}) {
  const options = { input: script, env: { ...env, PATH: `${home}:${process.env['PATH']}` }, encoding: 'utf8' } as const;
  const { status, stdout, stderr } = spawnSync('sh', ['-s', '--', ...args], options);
  const calls = readFileSync(log, 'utf8').split('\n').filter(Boolean);
  return { status, stdout, stderr, calls: calls.map((line) => JSON.parse(line) as Call) };
}

const web = allow('web', { app: 'web' }, ['users']);
const db = allow('db', { app: 'db' }, ['web']);
const hostile = {
  ...web,
  metadata: { ...web.metadata, annotations: { 'sluice.dev/flows': "'; touch x; $(id) `id`\nEND_OF_OBJECT\n" } },
};
const title = { environment: 'dev', from: 1, to: 2 };

describe('the script of a plan', () => {
  test('gives kubectl each step, in order, with the object as it is', () => {
    const [before, after] = [
      [web, deny('zoo')],
      [hostile, db, deny()],
    ];
    const steps = planSteps(before, after);
    const { status, stdout, stderr, calls } = run(writeScript(title, steps));
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout.split('\n').filter(Boolean)).toHaveLength(steps.length);
    expect(calls).toHaveLength(steps.length);
    for (const [at, { object, namespace, name }] of steps.entries()) {
      const call = calls[at];
      if (object === undefined)
        expect(call?.args).toEqual([
          'delete',
          `--namespace=${namespace}`,
          '--ignore-not-found',
          'networkpolicies.networking.k8s.io',
          name,
        ]);
      else {
        expect(call?.args).toEqual(['apply', '--server-side', '--field-manager=sluice', '--filename=-']);
        expect(parseAllDocuments(call?.input ?? '').map((one) => one.toJS() as NetworkPolicy)).toEqual([object]);
      }
    }
  });

  test('hands arguments on, takes fields over where it is told to, and calls another program', () => {
    const script = writeScript(title, planSteps([deny('zoo')], [web]));
    const given = run(script, ['--context=a b', '--dry-run=server'], {
      FORCE_CONFLICTS: '1',
      KUBECTL: join(home, 'kubectl'),
    });
    expect(given.calls.map(({ args }) => args)).toEqual([
      [
        'apply',
        '--server-side',
        '--field-manager=sluice',
        '--force-conflicts',
        '--context=a b',
        '--dry-run=server',
        '--filename=-',
      ],
      [
        'delete',
        '--namespace=zoo',
        '--ignore-not-found',
        '--context=a b',
        '--dry-run=server',
        'networkpolicies.networking.k8s.io',
        'default-deny-all',
      ],
    ]);
  });

  test('ends at the first step that fails', () => {
    const { status, calls } = run(writeScript(title, planSteps([], [db, web, deny()])), [], {
      FAIL_AT: 'allow-web-ingress',
    });
    expect(status).not.toBe(0);
    expect(calls).toHaveLength(2);
  });

  test('says what it does at its head, also where there is nothing to do', () => {
    const head = (from: number | undefined, steps: ReturnType<typeof planSteps>) =>
      writeScript({ ...title, from }, steps).split('\n');
    expect(head(undefined, planSteps([], [web])).slice(0, 2)).toEqual([
      '#!/bin/sh',
      '# Sluice: environment dev, from an empty cluster to version 2, in 1 step.',
    ]);
    expect(head(1, [])[2]).toBe('# Nothing differs, so there is nothing to do.');
    expect(run(writeScript(title, [])).status).toBe(0);
  });
});
