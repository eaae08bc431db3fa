import { readdirSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { DEFAULT_PROFILE, type Profile } from '../../../src/domain/model/entities.js';
import type { Snapshot } from '../../../src/domain/model/snapshot.js';

/** A case of one rule: input that it is about, where it then says something, and input that is nearly the same and right. */
export interface LintCase<Input> {
  readonly code: string;
  readonly fires: Input;
  readonly at: readonly string[];
  readonly nearMiss: Input;
}

/** The cases of test/cases/lint/<family>: one file a rule, called by its code. */
export function lintCases<Input>(family: 'manifests' | 'model'): LintCase<Input>[] {
  const folder = new URL(`../../cases/lint/${family}/`, import.meta.url);
  return readdirSync(folder)
    .sort()
    .map((file) => {
      const content = parse(readFileSync(new URL(file, folder), 'utf8')) as Omit<LintCase<Input>, 'code'>;
      return { ...content, code: file.replace(/\.yaml$/, '') };
    });
}

/** What a case of the model may leave out: the environment is `dev` with the default profile, and lists are empty. */
export type ModelInput = Partial<Omit<Snapshot, 'environment'>> & { readonly profile?: Partial<Profile> };

export function snapshotOf({ profile, ...lists }: ModelInput): Snapshot {
  const none = { teams: [], applications: [], tiers: [], peers: [], placements: [], flows: [] };
  return { revision: 1, environment: { name: 'dev', profile: { ...DEFAULT_PROFILE, ...profile } }, ...none, ...lists };
}
