import { describe, expect, it } from 'vitest';
import { CHECKS } from '../../faults/checks/all.js';
import type { FinalState } from '../../faults/checks/check.js';
import { History, type PublishRecord, type Sight } from '../../faults/history/history.js';
import { marksIn } from '../../faults/traffic/site.js';

/** What a run may have seen, and what is there in the end: each a whole, to be spoilt in one place. */
interface Run {
  readonly history: History;
  readonly final: { -readonly [K in keyof FinalState]: any };
}

const sight = (version: number, digest = `sha256:${version}`): Sight => ({ environment: 'dev', version, digest });
const fetched = (version: number, mark: number) => ({
  sight: sight(version),
  status: 200,
  digest: `sha256:${version}`,
  marks: new Map([['app-0', mark]]),
});

/** Two writes, each published, the first of them read. */
function cleanRun(): Run {
  const history = new History();
  const publishes: PublishRecord[] = [1, 2].map((n) => {
    const [reason, written] = [`mark ${n}`, history.moment()];
    history.writes.push({
      ...{ application: 'app-0', mark: n, reason, begun: written, ended: history.moment() },
      outcome: 'acknowledged',
    });
    const [message, begun] = [`publish ${n}`, history.moment()];
    const acknowledged = [{ at: history.moment(), sight: sight(n), created: true }];
    return { environment: 'dev', message, reason: `because of ${message}`, keyed: true, begun, acknowledged };
  });
  history.publishes.push(...publishes);
  const read = { what: 'the latest version', environment: 'dev', version: 2 };
  history.latest.push({ ...read, begun: history.moment(), ended: history.moment() });
  history.pages.push([sight(2), sight(1)]);
  history.marks.push({ application: 'app-0', begun: history.moment(), mark: 2 });
  const versions = publishes.map(({ message, reason }, n) => ({
    ...{ ...sight(n + 1), message, reason, publishedBy: 'admin', fetched: fetched(n + 1, n + 1) },
  }));
  const changes = [1, 2].map((n) => ({
    ...{
      revision: n,
      actor: 'admin',
      reason: `mark ${n}`,
      resource: 'tier',
      name: 'app-0/web',
      action: 'update',
      mark: n,
    },
  }));
  return {
    history,
    final: { versions: new Map([['dev', versions]]), changes, marks: new Map([['app-0', 2]]), unready: [] },
  };
}

function found({ history, final }: Run): string[] {
  return CHECKS.filter((check) => check.judge(history, final).length > 0).map(({ name }) => name);
}

describe('the checks of a run of faults', () => {
  it('find nothing where nothing is wrong', () => {
    expect(found(cleanRun())).toEqual([]);
  });

  it.each<[what: string, spoil: (run: Run) => unknown, by: string[]]>([
    ['an acknowledged version is gone', ({ final }) => final.versions.get('dev').pop(), ['lost', 'phantom']],
    [
      'its number was given to another one',
      ({ final }) =>
        Object.assign(final.versions.get('dev')[1], {
          digest: 'sha256:x',
          fetched: { ...fetched(2, 2), digest: 'sha256:2' },
        }),
      ['lost', 'changed', 'phantom'],
    ],
    ['an acknowledged write is gone', ({ final }) => final.marks.set('app-0', 1), ['lost', 'unsigned']],
    ['a number is left out', ({ final }) => (final.versions.get('dev')[1].version = 3), ['lost', 'gap', 'phantom']],
    ['a page has a gap', ({ history }) => history.pages.push([sight(2), sight(2)]), ['gap']],
    [
      'a key was answered twice, and differently',
      ({ history }) =>
        history.publishes[0]!.acknowledged.push({ at: history.moment(), sight: sight(2), created: true }),
      ['twice'],
    ],
    [
      'one publish is two versions',
      ({ final }) =>
        Object.assign(final.versions.get('dev')[1], { message: 'publish 1', reason: 'because of publish 1' }),
      ['twice'],
    ],
    ['a version cannot be fetched', ({ final }) => (final.versions.get('dev')[0].fetched.status = 404), ['half']],
    ['the bytes are others', ({ final }) => (final.versions.get('dev')[0].fetched.digest = 'sha256:x'), ['half']],
    [
      'a version is of two snapshots',
      ({ history }) => history.fetches.push({ ...fetched(1, 1), marks: marksIn('m0-1 m0-2') }),
      ['half'],
    ],
    [
      'a read gives what was before a reply',
      ({ history }) =>
        history.latest.push({
          what: 'it',
          environment: 'dev',
          version: 1,
          begun: history.moment(),
          ended: history.moment(),
        }),
      ['stale'],
    ],
    [
      'a read of the model does',
      ({ history }) => history.marks.push({ application: 'app-0', begun: history.moment(), mark: 1 }),
      ['stale'],
    ],
    ['a publish lacks a write', ({ final }) => final.versions.get('dev')[1].fetched.marks.set('app-0', 1), ['stale']],
    ['a read gave what there never was', ({ history }) => history.pages.push([sight(3)]), ['phantom']],
    ['a version does not say why', ({ final }) => delete final.versions.get('dev')[0].reason, ['unsigned']],
    ['a write has no entry', ({ final }) => final.changes.shift(), ['unsigned']],
    ['a write has two', ({ final }) => final.changes.push({ ...final.changes[1], revision: 3 }), ['unsigned']],
    ['a server ended', ({ history }) => history.ends.push('server-1'), ['ended']],
    ['a reply is odd', ({ history }) => history.odd.push({ what: 'GET /', text: '401' }), ['odd']],
    ['a server is not ready', ({ final }) => final.unready.push('server-1'), ['unready']],
  ])('%s', (_, spoil, by) => {
    const run = cleanRun();
    spoil(run);
    expect(found(run)).toEqual(by);
  });

  it('a write of which nobody knows may be there, or not, or come late', () => {
    const run = cleanRun();
    const unknown = {
      application: 'app-0',
      mark: 3,
      reason: 'mark 3',
      begun: run.history.moment(),
      ended: run.history.moment(),
    };
    run.history.writes.push({ ...unknown, outcome: 'unknown' });
    expect(found(run)).toEqual([]);
    run.final.marks.set('app-0', 3);
    run.final.changes.push({ ...run.final.changes[1], revision: 3, reason: 'mark 3', mark: 3 });
    expect(found(run)).toEqual([]);
  });
});
