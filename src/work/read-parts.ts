import { readPart, type RenderedPart } from '../domain/prove/rendered/read-part.js';
import { digest } from '../domain/render/digest.js';
import type { NamespaceYaml } from '../domain/render/tar.js';
import { type CacheState, CacheTally } from '../seeing/cache-tally.js';

/** Of YAML; the objects read from it take about as much again. */
const BYTES_MAX = 128 * 1024 * 1024;

interface Kept {
  readonly part: RenderedPart;
  readonly bytes: number;
}

/** What this thread has read, by the digest of the bytes; the least recently used goes first. */
const kept = new Map<string, Kept>();
let held = 0;
const tally = new CacheTally();

/** Of this thread. */
export function keptParts(): CacheState {
  return tally.state({ entries: kept.size, bytes: held });
}

/**
 * Reads the pieces of a bundle again for its proof. Equal bytes read the same, so a namespace whose bytes did not change since a proof
 * in this thread is not read a second time: reading YAML is most of the work of a publish.
 */
export function readParts(namespaces: readonly NamespaceYaml[]): RenderedPart[] {
  return namespaces.map(({ yaml }) => {
    const key = digest(yaml);
    const known = kept.get(key);
    if (known === undefined) tally.misses++;
    else tally.hits++;
    const one = known ?? { part: readPart(yaml), bytes: yaml.length };
    keep(key, one);
    return one.part;
  });
}

function keep(key: string, one: Kept): void {
  if (kept.delete(key)) held -= one.bytes;
  kept.set(key, one);
  held += one.bytes;
  for (const [oldest, { bytes }] of kept) {
    if (held <= BYTES_MAX || oldest === key) return;
    kept.delete(oldest);
    held -= bytes;
  }
}
