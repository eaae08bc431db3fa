import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { DEFAULT_PROFILE, type Profile } from '../../../src/domain/model/entities.js';
import type { Snapshot } from '../../../src/domain/model/snapshot.js';

const FOLDER = 'test/cases/prove';

/** What a case may leave out: the environment is `dev` with the default profile, and lists are empty. */
type CaseInput = Partial<Omit<Snapshot, 'environment'>> & { readonly profile?: Partial<Profile> };

export interface ProofCase {
  readonly name: string;
  readonly snapshot: Snapshot;
  /** Bytes that somebody else wrote; without them, those that are rendered. */
  readonly bytes: Uint8Array | undefined;
  readonly proofFile: string;
}

/** The cases of test/cases/prove: a folder each, called by its situation. */
export function proofCases(): ProofCase[] {
  return readdirSync(FOLDER, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => ({
      name,
      snapshot: snapshotOf(name),
      bytes: existsSync(join(FOLDER, name, 'bytes.yaml')) ? readFileSync(join(FOLDER, name, 'bytes.yaml')) : undefined,
      proofFile: resolved(join(name, 'proof.txt')),
    }));
}

/** A file beside the cases, as vitest wants it. */
export function resolved(name: string): string {
  return join(process.cwd(), FOLDER, name);
}

/** The snapshot of one case. */
export function snapshotOf(name: string): Snapshot {
  const { profile, ...lists } = parse(readFileSync(join(FOLDER, name, 'input.yaml'), 'utf8')) as CaseInput;
  const none = { teams: [], applications: [], tiers: [], peers: [], placements: [], flows: [] };
  return { revision: 1, environment: { name: 'dev', profile: { ...DEFAULT_PROFILE, ...profile } }, ...none, ...lists };
}
