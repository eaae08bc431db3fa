import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { DEFAULT_PROFILE, type Profile } from '../../../src/domain/model/entities.js';
import type { Snapshot } from '../../../src/domain/model/snapshot.js';

const FOLDER = 'test/cases/render';

/** What a case may leave out: the environment is `dev` with the default profile, and lists are empty. */
type CaseInput = Partial<Omit<Snapshot, 'environment'>> & { readonly profile?: Partial<Profile> };

const FIELDS = ['profile', 'teams', 'applications', 'tiers', 'peers', 'placements', 'flows'];

export interface RenderCase {
  readonly name: string;
  readonly expectedFile: string;
  readonly findingsFile: string;
  readonly snapshot: Snapshot;
}

/** The cases of test/cases/render: a folder each, called by its situation. Refuses a field it does not know. */
export function renderCases(): RenderCase[] {
  return readdirSync(FOLDER).map((name) => ({
    name,
    expectedFile: join(FOLDER, name, 'expected.yaml'),
    findingsFile: join(FOLDER, name, 'findings.txt'),
    snapshot: snapshotOf(parse(readFileSync(join(FOLDER, name, 'input.yaml'), 'utf8')) as CaseInput, name),
  }));
}

function snapshotOf({ profile, ...lists }: CaseInput, name: string): Snapshot {
  const unknown = Object.keys(lists).filter((field) => !FIELDS.includes(field));
  if (unknown.length > 0)
    throw new Error(`case ${name}: no field is called ${unknown.join(', ')} (have: ${FIELDS.join(', ')})`);
  const none = { teams: [], applications: [], tiers: [], peers: [], placements: [], flows: [] };
  return { revision: 1, environment: { name: 'dev', profile: { ...DEFAULT_PROFILE, ...profile } }, ...none, ...lists };
}
