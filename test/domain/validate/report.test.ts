import { describe, expect, it } from 'vitest';
import {
  CLUSTERS_MAX,
  type ReportFacts,
  type ReportParts,
  reportProblems,
} from '../../../src/domain/validate/report.js';

const report: ReportParts = { cluster: 'eu-1', version: 2, digest: 'sha256:tar' };
const facts: ReportFacts = {
  environment: 'dev',
  latest: 3,
  digests: ['sha256:yaml', 'sha256:tar'],
  others: 0,
};

function codesOf(parts: ReportParts, known: Partial<Record<keyof ReportFacts, unknown>> = {}): string[] {
  return reportProblems(parts, { ...facts, ...known } as ReportFacts).map(({ code }) => code);
}

describe('a report', () => {
  it('may have the digest of any form of its version, or none', () => {
    expect(codesOf(report)).toEqual([]);
    expect(codesOf({ ...report, digest: undefined })).toEqual([]);
    expect(codesOf({ ...report, digest: 'sha256:other' })).toEqual(['wrong-digest']);
  });

  it('of a version that does not exist is told the latest, and nothing of its digest', () => {
    const [problem, ...more] = reportProblems({ ...report, version: 4 }, { ...facts, digests: undefined });
    expect(problem).toMatchObject({ pointer: '#/version', value: 4, detail: expect.stringMatching(/latest is 3$/) });
    expect(more).toEqual([]);
    const none = reportProblems(report, { ...facts, digests: undefined, latest: undefined });
    expect(none).toMatchObject([{ detail: expect.stringMatching(/nothing was published there yet$/) }]);
  });

  it('of one cluster too many is refused, of one that is known is not', () => {
    expect(codesOf(report, { others: CLUSTERS_MAX - 1 })).toEqual([]);
    expect(codesOf(report, { others: CLUSTERS_MAX })).toEqual(['too-many-clusters']);
    expect(codesOf(report, { others: undefined })).toEqual([]);
  });

  it('is told everything at once, of what can be read of it', () => {
    expect(codesOf(report, { digests: undefined, others: CLUSTERS_MAX })).toEqual([
      'unknown-version',
      'too-many-clusters',
    ]);
    expect(codesOf({}, { digests: undefined, others: CLUSTERS_MAX })).toEqual([]);
  });
});
