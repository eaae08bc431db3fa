import type { Problem } from '../errors.js';
import { quote } from '../model/names.js';

/** How many of the names that do exist a message lists. */
const NAMED = 10;

/**
 * A reference to something that does not exist. `have` are names that do, to choose from.
 * @example missing('#/team', 'team', 'shop', 'application "web"', ['demo']).detail // 'team "shop" in application "web" does not exist (have: demo)'
 */
export function missing(
  pointer: string,
  kind: string,
  name: string,
  where: string,
  have: readonly string[] = [],
): Problem {
  const list =
    have.length === 0 ? '' : ` (have: ${have.slice(0, NAMED).join(', ')}${have.length > NAMED ? ', ...' : ''})`;
  return {
    pointer,
    code: `unknown-${kind}`,
    detail: `${kind} ${quote(name)} in ${where} does not exist${list}`,
    value: name,
  };
}

/** One problem for each name that is not known, at its place in the list `#/<field>/<index>`; undefined is one that cannot be read. */
export function missingNames(
  pointer: string,
  kind: string,
  names: readonly (string | undefined)[],
  known: ReadonlySet<string>,
  where: string,
): Problem[] {
  return names.flatMap((name, index) =>
    name === undefined || known.has(name) ? [] : [missing(`${pointer}/${index}`, kind, name, where, [...known])],
  );
}
