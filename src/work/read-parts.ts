import { readPart, type RenderedPart } from '../domain/prove/rendered/read-part.js';
import { digest } from '../domain/render/digest.js';
import type { NamespaceYaml } from '../domain/render/tar.js';
import { type CacheState, CacheTally } from '../seeing/cache-tally.js';
import { keptUpTo } from './kept.js';

/** Of YAML; the objects read from it take about as much again. */
const BYTES_MAX = 128 * 1024 * 1024;

/** What this thread has read, by the digest of the bytes. */
const kept = keptUpTo<RenderedPart>(BYTES_MAX);
const tally = new CacheTally();

/** Of this thread. */
export function keptParts(): CacheState {
  return tally.state(kept.size());
}

/**
 * Reads the pieces of a bundle again for its proof. Equal bytes read the same, so a namespace whose bytes did not change since a proof
 * in this thread is not read a second time: reading YAML is most of the work of a first publish. What is read again is the same object, by which
 * the proof knows that nothing changed.
 */
export function readParts(namespaces: readonly NamespaceYaml[]): RenderedPart[] {
  return namespaces.map(({ yaml }) => {
    const name = digest(yaml);
    const known = kept.get(name);
    if (known === undefined) tally.misses++;
    else tally.hits++;
    const part = known ?? readPart(yaml);
    if (known === undefined) kept.put(name, part, yaml.length);
    return part;
  });
}
