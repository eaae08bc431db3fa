import type { History, Moment } from '../history/history.js';
import type { Check, FinalState } from './check.js';

/** What a request knew to be there at least when it was sent. */
interface Floor {
  /** Somebody was told of it at this moment. */
  learn(key: string, at: Moment, value: number): void;
  /** The highest that anybody was told of before. */
  before(key: string, begun: Moment): number;
}

/** Stale: what was acknowledged, or shown to anybody, before a read began is in what it gives. */
export const stale: Check = {
  name: 'stale',
  holds:
    'a read gives at least what was acknowledged or read before it began; a publish has every write acknowledged before it',
  judge: (history, final) => [...staleVersions(history), ...staleMarks(history), ...stalePublishes(history, final)],
};

function staleVersions(history: History): string[] {
  const floor = floorOf();
  for (const { acknowledged } of history.publishes)
    for (const { at, sight } of acknowledged) floor.learn(sight.environment, at, sight.version);
  for (const { environment, ended, version } of history.latest) floor.learn(environment, ended, version);
  return history.latest.flatMap(({ what, environment, begun, version }) => {
    const least = floor.before(environment, begun);
    return version >= least ? [] : [`${what} of ${environment} was ${version}, after ${least} was known`];
  });
}

/** A write of which nobody knows may come late, after others that were acknowledged. */
function staleMarks(history: History): string[] {
  const [floor, unknown] = [writeFloor(history), unknownWrites(history)];
  return history.marks.flatMap(({ application, begun, mark }) => {
    const least = floor.before(application, begun);
    const fine = mark >= least || unknown.has(`${application} ${mark}`);
    return fine ? [] : [`${application} was read with mark ${mark}, after ${least} was acknowledged`];
  });
}

function stalePublishes(history: History, { versions }: FinalState): string[] {
  const [floor, unknown] = [writeFloor(history), unknownWrites(history)];
  const begun = new Map(history.publishes.map((publish) => [publish.message, publish.begun]));
  return [...versions.values()].flat().flatMap(({ environment, version, message = '', fetched }) => {
    const since = begun.get(message);
    if (since === undefined) return [];
    return [...fetched.marks].flatMap(([application, mark]) => {
      const least = floor.before(application, since);
      const fine = mark >= least || unknown.has(`${application} ${mark}`);
      return fine
        ? []
        : [`version ${version} of ${environment} has mark ${mark} of ${application}, after ${least} was acknowledged`];
    });
  });
}

function writeFloor({ writes }: History): Floor {
  const floor = floorOf();
  for (const { application, ended, mark, outcome } of writes)
    if (outcome === 'acknowledged') floor.learn(application, ended, mark);
  return floor;
}

function unknownWrites({ writes }: History): Set<string> {
  return new Set(
    writes.filter(({ outcome }) => outcome === 'unknown').map(({ application, mark }) => `${application} ${mark}`),
  );
}

function floorOf(): Floor {
  const told = new Map<string, { at: Moment; value: number }[]>();
  let sorted = false;
  const sort = (): void => {
    for (const list of told.values()) {
      list.sort((a, b) => a.at - b.at);
      for (let n = 1; n < list.length; n++) list[n]!.value = Math.max(list[n]!.value, list[n - 1]!.value);
    }
    sorted = true;
  };
  return {
    learn: (key, at, value) => {
      const list = told.get(key);
      if (list === undefined) told.set(key, [{ at, value }]);
      else list.push({ at, value });
    },
    before: (key, begun) => {
      if (!sorted) sort();
      const list = told.get(key) ?? [];
      let [low, high] = [0, list.length];
      while (low < high) {
        const middle = (low + high) >> 1;
        if (list[middle]!.at < begun) low = middle + 1;
        else high = middle;
      }
      return list[low - 1]?.value ?? 0;
    },
  };
}
