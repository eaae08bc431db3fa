import { describe, expect, it } from 'vitest';
import { nextStep, type Outcome, PAUSE_MAX_MS, SCHEDULE_MS } from '../../../src/domain/webhook/next-step.js';
import { publishedEvent, testEvent } from '../../../src/domain/webhook/event.js';

const answered = (status: number, retryAfterMs?: number): Outcome => ({ kind: 'answered', status, retryAfterMs });
const refused: Outcome = { kind: 'unanswered', error: 'ECONNREFUSED' };

describe('after an attempt', () => {
  it('only 2xx is success', () => {
    for (const status of [200, 201, 202, 204, 299])
      expect(nextStep(answered(status), 1, 'bundle.published', 0)).toEqual({ kind: 'delivered' });
    for (const status of [100, 301, 302, 303, 307, 308, 304, 400, 401, 404, 409, 422, 500, 501])
      expect(nextStep(answered(status), 1, 'bundle.published', 0)).toEqual({ kind: 'again', afterMs: 5_000 });
    expect(nextStep(answered(410), 1, 'bundle.published', 0)).toEqual({ kind: 'gone' });
  });

  it('it is tried ten times over three days and more, never sooner than the schedule has it', () => {
    const hours = (count: number) => count * 3_600_000;
    expect(SCHEDULE_MS).toEqual([0, 5_000, 300_000, 1_800_000, ...[2, 5, 10, 14, 20, 24].map(hours)]);
    for (const [random, factor] of [
      [0, 1],
      [0.5, 1.1],
      [1, 1.2],
    ] as const) {
      const waits = SCHEDULE_MS.map((_, n) => nextStep(refused, n + 1, 'bundle.published', random));
      const expected = SCHEDULE_MS.slice(1).map((wait) => ({ kind: 'again', afterMs: Math.round(wait * factor) }));
      expect(waits).toEqual([...expected, { kind: 'failed' }]);
    }
  });

  it('a receiver that asks for a pause gets it, a day at most', () => {
    for (const status of [429, 502, 503, 504]) {
      const asked = (ms: number) => nextStep(answered(status, ms), 1, 'bundle.published', 0);
      expect(asked(60_000)).toEqual({ kind: 'again', afterMs: 60_000, pauseMs: 60_000 });
      expect(asked(1_000)).toEqual({ kind: 'again', afterMs: 5_000, pauseMs: 1_000 });
      expect(asked(1e12)).toEqual({ kind: 'again', afterMs: PAUSE_MAX_MS, pauseMs: PAUSE_MAX_MS });
      expect(nextStep(answered(status), 1, 'bundle.published', 0)).toEqual({ kind: 'again', afterMs: 5_000 });
    }
    expect(nextStep(answered(500, 60_000), 1, 'bundle.published', 0)).toEqual({ kind: 'again', afterMs: 5_000 });
  });

  it('a test is tried once', () => {
    expect(nextStep(refused, 1, 'webhook.test', 0)).toEqual({ kind: 'failed' });
  });
});

describe('an event', () => {
  const version = {
    ...{ environment: 'prod', version: 7, revision: 40, digest: 'sha256:ab', publishedBy: 'ci' },
    publishedAt: '2026-01-02T03:04:05.678Z',
  };

  it('says which version, and where to fetch it', () => {
    const { type, environment, body } = publishedEvent(version, 'https://sluice.example.com');
    expect([type, environment]).toEqual(['bundle.published', 'prod']);
    expect(JSON.parse(body)).toEqual({
      type: 'bundle.published',
      timestamp: '2026-01-02T03:04:05.678Z',
      data: {
        ...{ environment: 'prod', version: 7, revision: 40, digest: 'sha256:ab', publishedBy: 'ci' },
        bundle: 'https://sluice.example.com/v1/environments/prod/bundles/7',
      },
    });
    expect(JSON.parse(testEvent('deployer', 'admin', '2026-01-02T03:04:05.678Z').body)).toEqual({
      type: 'webhook.test',
      timestamp: '2026-01-02T03:04:05.678Z',
      data: { webhook: 'deployer', requestedBy: 'admin' },
    });
  });

  it('is thin, whatever a message holds', () => {
    const long = {
      ...version,
      environment: 'e'.repeat(63),
      publishedBy: 'p'.repeat(63),
      message: '\n\u{1f600}'.repeat(333),
    };
    expect(Buffer.byteLength(publishedEvent(long, `https://${'h'.repeat(250)}`).body)).toBeLessThan(20_000);
  });
});
