import type { Check } from './check.js';

/** Twice: a key is applied once, however often it is sent, and its answer stays. */
export const twice: Check = {
  name: 'twice',
  holds: 'what was asked with one Idempotency-Key was done at most once, and answered the same each time',
  judge: (history, { versions, changes }) => {
    const byMessage = countBy([...versions.values()].flat(), ({ message }) => message);
    const byTeam = countBy(
      changes.filter(({ resource, action }) => resource === 'team' && action === 'create'),
      ({ name }) => name,
    );
    const answers = history.publishes.flatMap(({ keyed, message, acknowledged }) => {
      const different = new Set(acknowledged.map(({ sight }) => sight.version));
      return keyed && different.size > 1
        ? [`the key of "${message}" was answered with versions ${[...different].join(' and ')}`]
        : [];
    });
    const publishes = history.publishes
      .filter(({ message }) => (byMessage.get(message) ?? 0) > 1)
      .map(({ message, environment }) => `"${message}" is ${byMessage.get(message)} versions of ${environment}`);
    const creates = history.creates
      .filter(({ name }) => (byTeam.get(name) ?? 0) > 1)
      .map(({ name }) => `team ${name} was created ${byTeam.get(name)} times`);
    return [...answers, ...publishes, ...creates];
  },
};

function countBy<T>(list: readonly T[], keyOf: (item: T) => string | undefined): Map<string | undefined, number> {
  const counts = new Map<string | undefined, number>();
  for (const item of list) counts.set(keyOf(item), (counts.get(keyOf(item)) ?? 0) + 1);
  return counts;
}
