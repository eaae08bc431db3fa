import { parse } from 'yaml';

/** An object of the model as the REST API takes it. */
export type Fields = Readonly<Record<string, unknown>>;

/** A whole model in one file, each object with the fields that the REST API takes; applications hold their tiers. */
export interface Estate {
  readonly teams: readonly Fields[];
  readonly applications: readonly Fields[];
  readonly peers: readonly Fields[];
  readonly environments: readonly Fields[];
  readonly placements: readonly Fields[];
  readonly flows: readonly Fields[];
}

/** An object that should stand at this path. */
export interface Wanted {
  readonly path: string;
  readonly body: Fields;
}

const KEYS = ['teams', 'applications', 'peers', 'environments', 'placements', 'flows'] as const;

/**
 * Reads an estate file. Refuses a text that is no YAML mapping, a key that is not one of the six, and an entry that is no mapping;
 * what the fields hold is the server's to judge.
 * @example readEstate('teams: [{ name: demo }]').teams // [{ name: 'demo' }]
 */
export function readEstate(text: string): Estate {
  const file: unknown = parse(text);
  if (!isFields(file)) throw new Error(`an estate is a mapping with the keys ${KEYS.join(', ')}`);
  const unknown = Object.keys(file).filter((key) => !KEYS.some((known) => known === key));
  if (unknown.length > 0) throw new Error(`unknown key ${unknown.join(', ')} in the estate (have: ${KEYS.join(', ')})`);
  const list = (key: (typeof KEYS)[number]) => listOf(file[key], key);
  return {
    teams: list('teams'),
    applications: list('applications'),
    peers: list('peers'),
    environments: list('environments'),
    placements: list('placements'),
    flows: list('flows'),
  };
}

/**
 * What to put where, in an order in which nothing refers to what is not there yet.
 * @example wantedObjects(estate)[0] // { path: '/v1/teams/demo', body: { name: 'demo' } }
 */
export function wantedObjects(estate: Estate): Wanted[] {
  const named = (collection: string, items: readonly Fields[]) =>
    items.map((body) => ({ path: `/v1/${collection}/${segment(body['name'])}`, body }));
  return [
    ...named('teams', estate.teams),
    ...named('environments', estate.environments),
    ...named('applications', estate.applications.map(withoutTiers)),
    ...estate.applications.flatMap((application) =>
      named(`applications/${segment(application['name'])}/tiers`, tiersOf(application)),
    ),
    ...named('peers', estate.peers),
    ...estate.placements.map((body) => ({
      path: `/v1/environments/${segment(body['environment'])}/placements/${segment(body['application'])}`,
      body,
    })),
    ...named('flows', estate.flows),
  ];
}

/** The tiers of an application of the estate. */
export function tiersOf(application: Fields): readonly Fields[] {
  return listOf(application['tiers'], `tiers of application ${String(application['name'])}`);
}

/**
 * True where the stored object says all that the wanted one says already. What the server fills in does not count: it may say more.
 * @example saysAlready({ port: 80, protocol: 'TCP' }, { port: 80 }) // true
 */
export function saysAlready(stored: unknown, wanted: unknown): boolean {
  if (Array.isArray(wanted)) {
    if (!Array.isArray(stored) || stored.length !== wanted.length) return false;
    return wanted.every((item, index) => saysAlready(stored[index], item));
  }
  if (!isFields(wanted)) return stored === wanted;
  return isFields(stored) && Object.entries(wanted).every(([key, value]) => saysAlready(stored[key], value));
}

/** The fields of an application without its tiers, which have a path of their own. */
export function withoutTiers(application: Fields): Fields {
  return Object.fromEntries(Object.entries(application).filter(([key]) => key !== 'tiers'));
}

function listOf(value: unknown, what: string): readonly Fields[] {
  const list: unknown = value ?? [];
  if (Array.isArray(list) && list.every(isFields)) return list;
  throw new Error(`${what} must be a list of mappings`);
}

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function segment(name: unknown): string {
  return encodeURIComponent(String(name));
}
