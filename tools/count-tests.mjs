// `node tools/count-tests.mjs <folder>`: prints "N passed, N failed" over all reports of vitest in the folder. A test that ran in several reports is one
// test, and failed if it failed in any. A file that could not be loaded counts as one failed test.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const failed = new Map();
for (const name of readdirSync(process.argv[2])) {
  const { testResults } = JSON.parse(readFileSync(join(process.argv[2], name), 'utf8'));
  for (const file of testResults) {
    if (file.status === 'failed' && file.assertionResults.length === 0) failed.set(file.name, true);
    const seen = new Map();
    for (const { fullName, status } of file.assertionResults) {
      seen.set(fullName, (seen.get(fullName) ?? 0) + 1); // nothing keeps two tests from having one name
      const test = `${file.name} ${fullName} ${seen.get(fullName)}`;
      if (status === 'passed' || status === 'failed')
        failed.set(test, failed.get(test) === true || status === 'failed');
    }
  }
}
const failures = [...failed.values()].filter(Boolean).length;
console.log(`${failed.size - failures} passed, ${failures} failed`);
