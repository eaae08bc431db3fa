import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { quote } from '../../domain/model/names.js';
import type { Config } from '../config.js';
import { distinct, type Key, newSigningKey, readKey } from './key.js';
import { keptKey } from './kept-key.js';
import { pemBlocks } from './pem.js';
import { type KeyRing, type Purpose, SigningKeys } from './signing-keys.js';

const SETTINGS: Record<Purpose, string> = {
  release: 'SLUICE_RELEASE_KEYS',
  attestation: 'SLUICE_ATTESTATION_KEYS',
};

/** A text with keys, and what to call it where something is wrong with them. */
interface Source {
  readonly text: string;
  readonly name: string;
}

/**
 * The keys of this process: given, or else kept in the data folder, or else none.
 * @throws Error in one line that names the setting, and never what is in a key.
 */
export function loadKeys(config: Pick<Config, 'keys' | 'dataDir'>): SigningKeys {
  const release = ringOf('release', config);
  const attestation = ringOf('attestation', config);
  if (attestation.signers.length > 0 && release.signers.length === 0)
    throw new Error(
      `${SETTINGS.attestation} without ${SETTINGS.release}: an attestation stands beside a signed release`,
    );
  const both = release.published.find(({ hint }) => attestation.published.some((other) => other.hint === hint));
  if (both !== undefined)
    throw new Error(
      `${SETTINGS.release} and ${SETTINGS.attestation} share the key ${both.hint}: a verifier would take what an attestation says for a release`,
    );
  return new SigningKeys(release, attestation);
}

function ringOf(purpose: Purpose, { keys, dataDir }: Pick<Config, 'keys' | 'dataDir'>): KeyRing {
  const given = keys[purpose];
  const sources = given === undefined ? keptSources(purpose, keys.generate, dataDir) : givenSources(purpose, given);
  const all = distinct(sources.flatMap(keysOf));
  const signing = all.filter(({ signer }) => signer !== undefined);
  if (all.length > 0 && signing.length === 0)
    throw new Error(`${SETTINGS[purpose]} has public keys only: add the PRIVATE KEY that signs`);
  const published = [...signing, ...all.filter(({ signer }) => signer === undefined)].map((key) => key.published);
  return { signers: signing.flatMap(({ signer }) => signer ?? []), published };
}

function keptSources(purpose: Purpose, generate: boolean, dataDir: string): Source[] {
  if (!generate) return [];
  const file = join(dataDir, 'keys', `${purpose}.pem`);
  const name = `the ${purpose} key in ${file} (SLUICE_DATA_DIR)`;
  return [{ name, text: attempt(`${name} cannot be kept`, () => keptKey(file, newSigningKey)) }];
}

/** PEM as it stands, also with `\n` written out, or files of PEM. */
function givenSources(purpose: Purpose, given: string): Source[] {
  const setting = SETTINGS[purpose];
  if (given.includes('-----BEGIN')) return [{ name: setting, text: given.replaceAll('\\n', '\n') }];
  const entries = given.split(',').map((entry) => entry.trim());
  return entries.map((entry, n) => {
    const name = `${setting}, ${shown(entry) ?? `file ${n + 1}`}`;
    return { name, text: attempt(`${name} cannot be read`, () => readFileSync(entry, 'utf8')) };
  });
}

/** Whoever puts a bare key where a path is expected does not want to read it in a log: what could be one is not repeated. */
function shown(entry: string): string | undefined {
  const path = /^[\w./\\:~ -]*$/.test(entry) && (entry.includes('.') || entry.length < 40);
  return path ? quote(entry) : undefined;
}

function keysOf({ name, text }: Source): Key[] {
  const blocks = pemBlocks(text);
  if (blocks.length === 0) throw new Error(`${name} has no key in PEM, from -----BEGIN to -----END`);
  return blocks.map((block, n) => {
    try {
      return readKey(block);
    } catch (error) {
      throw new Error(`${name}: key ${n + 1} of ${blocks.length} ${(error as Error).message}`, { cause: error });
    }
  });
}

function attempt<T>(failure: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new Error(`${failure}: ${code ?? 'unknown'}`, { cause: error });
  }
}
