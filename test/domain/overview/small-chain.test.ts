import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { overview } from '../../../src/domain/overview/overview.js';
import { summary } from '../../../src/domain/overview/summary.js';
import { writeMarkdown } from '../../../src/domain/overview/write-markdown.js';
import { writeText } from '../../../src/domain/overview/write-text.js';
import { snapshotOf } from './estate-snapshot.js';

const model = overview(snapshotOf(readFileSync('test/cases/overview/small-chain/estate.yaml', 'utf8'), 'dev'));

describe('the small example of the design', () => {
  it('has the three rows', () => {
    expect(summary(model)).toEqual([
      ['frontend', '80', 'backend (port 3000)'],
      ['backend', '3000', 'database (port 3306)'],
      ['database', '3306', 'None (acts as endpoint)'],
    ]);
  });

  it('has its table as text, line by line', () => {
    expect(writeText(model)).toContain(`
Pod      | Ingress Port | Egress Target
---------|--------------|--------------------------
frontend | 80           | backend (port 3000)
backend  | 3000         | database (port 3306)
database | 3306         | None (acts as endpoint)
`);
  });

  it('has its table as Markdown', () => {
    expect(writeMarkdown(model)).toContain(`
| Pod | Ingress Port | Egress Target |
| --- | --- | --- |
| frontend | 80 | backend (port 3000) |
| backend | 3000 | database (port 3306) |
| database | 3306 | None (acts as endpoint) |
`);
  });

  it('says each flow in a sentence', () => {
    const lines = writeText(model).split('\n');
    expect(lines).toContain('users -> frontend on TCP 80: This is ingress to the frontend.');
    expect(lines).toContain(
      'frontend -> backend on TCP 3000: This is egress from the frontend and ingress to the backend.',
    );
    expect(lines).toContain('  Reason: Orders are kept');
  });

  it('is drawn from top to bottom, with what each arrow is at either end', () => {
    const words = writeText(model).match(/users|frontend|backend|database|port [0-9]+|Egress|Ingress \([^)]*\)/g);
    expect(words?.slice(0, 13)).toEqual([
      ...['users', 'Ingress (port 80)', 'frontend', 'port 80', 'Egress', 'Ingress (port 3000)', 'backend', 'port 3000'],
      ...['Egress', 'Ingress (port 3306)', 'database', 'port 3306', 'users'],
    ]);
  });
});
