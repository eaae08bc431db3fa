import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * Files that take longest, longest first: what starts last should be short, or one processor waits for the other. Between two files that start servers
 * is one that starts none: many servers that start at once keep each other waiting.
 */
const LONGEST = [
  ...['process/faults', 'process/start', 'store/retention', 'api/large-estate', 'api/attack', 'process/two-processes'],
  ...['api/analysis', 'process/waiting', 'api/webhook-sending', 'tooling/cli/apply', 'domain/prove/after'],
  ...['domain/plan/plan', 'domain/lint/size', 'domain/diff/change/laws'],
];

function rankOf({ moduleId }: TestSpecification): number {
  const rank = LONGEST.findIndex((name) => moduleId.endsWith(`/test/${name}.test.ts`));
  return rank < 0 ? LONGEST.length : rank;
}

/** The order of vitest, which keeps the files of a project together, but for LONGEST: those come first in theirs, and the project of the longest comes first. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = (await super.sort(files)).sort((one, other) => rankOf(one) - rankOf(other));
    const projects = [...new Set(sorted.map(({ project }) => project))];
    return projects.flatMap((project) => sorted.filter((file) => file.project === project));
  }
}
