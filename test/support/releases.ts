import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import type { NetworkPolicy } from '../../src/domain/kubernetes/network-policy.js';
import type { RegistryEntry } from '../../src/domain/signing/registry-entries.js';
import { registryEntries } from '../../src/domain/signing/registry-entries.js';
import { digest } from '../../src/domain/render/digest.js';
import { tarParts } from '../../src/domain/render/tar.js';
import { writeYaml } from '../../src/domain/render/yaml.js';
import { type FixedKey, fixedKey } from './fixed-keys.js';

/** A version as a server would publish it, made without one. */
export interface MadeRelease {
  readonly environment: string;
  readonly version: number;
  /** Of its manifest. */
  readonly digest: string;
  readonly entries: readonly RegistryEntry[];
  readonly layer: Uint8Array;
}

export const RELEASE_KEY = fixedKey('release');
export const STRANGER = fixedKey('stranger');

/** Whatever differs from a right version: each test says what is wrong with its own. */
export interface Making {
  readonly environment?: string;
  readonly keys?: readonly FixedKey[];
  /** What the archive is before it is compressed. */
  readonly tar?: (right: Buffer) => Buffer;
  /** The manifest says this of the content. */
  readonly contentDigest?: string;
}

export function makeRelease(version: number, policies: readonly NetworkPolicy[], making: Making = {}): MadeRelease {
  const { environment = 'dev', keys = [RELEASE_KEY], tar = (right: Buffer) => right } = making;
  const labelled = policies.map((policy) => labelledFor(environment, policy));
  const { namespaces } = writeYaml(labelled);
  const archive = tar(Buffer.concat(tarParts(namespaces)));
  const layer = gzipSync(archive);
  const contentDigest = making.contentDigest ?? digest(...namespaces.map(({ yaml }) => yaml));
  const createdAt = new Date(Date.UTC(2026, 0, version)).toISOString();
  const origin = { kind: 'model' } as const;
  const facts = {
    environment,
    version,
    createdAt,
    contentDigest,
    origin,
    layer: { digest: digest(layer), size: layer.length },
    tarDigest: digest(archive),
  };
  const none = { widens: 0, narrows: 0, both: 0 };
  const publication = {
    ...{ environment, version, revision: version, contentDigest, origin, publishedBy: 'admin', publishedAt: createdAt },
    counts: { namespaces: namespaces.length, objects: labelled.length, flows: 0 },
    changes: { connections: none, newlyIsolatedTiers: 0, noLongerIsolatedTiers: 0 },
    proof: {
      digest: contentDigest,
      compared: { tiers: 0, flows: 0, objects: 0, probes: 0, ranges: 0, pairs: 0 },
      caveats: 0,
    },
  };
  const signers = { release: keys.map(({ signer }) => signer), attestation: [] };
  const entries = registryEntries(facts, publication, signers, `sluice/${environment}`);
  return { environment, version, digest: entries[0]?.digest ?? '', entries, layer };
}

/** As the renderer labels what it makes. */
export function labelledFor(environment: string, policy: NetworkPolicy): NetworkPolicy {
  const labels = {
    'app.kubernetes.io/managed-by': 'sluice',
    'sluice.dev/environment': environment,
    ...policy.metadata.labels,
  };
  return { ...policy, metadata: { ...policy.metadata, labels } };
}

export function sha256(bytes: Uint8Array | string): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}
