import { sortFindings, type Finding } from '../finding.js';
import type { Snapshot } from '../model/snapshot.js';
import { caveatsOf } from './caveats/caveats.js';
import { declaredOf } from './declared/declared.js';
import { chooseProbes } from './probes/choose-probes.js';
import { LISTED_MAX, type Proof } from './proof.js';
import { compareObjects } from './rendered/compare-objects.js';
import { readPart, type RenderedPart } from './rendered/read-part.js';
import { beginningFrom, type Proved } from './proved.js';
import { askAgain } from './sides/ask-again.js';
import { spacesOf } from './spaces/space.js';

/**
 * Shows that rendered bytes allow exactly what a snapshot declares, or names where they do not. The bytes are parsed anew and judged by
 * the evaluator; what is declared is read from the snapshot alone. Refuses nothing: bytes that cannot be read are an objection.
 * @example prove(snapshot, wholeYaml(renderBundle(snapshot))).equal // true
 */
export function prove(snapshot: Snapshot, bytes: Uint8Array): Proof {
  return proveParts(snapshot, [readPart(bytes)]);
}

/**
 * As prove, of bytes already read, in parts: a namespace whose bytes did not change since its last proof need not be read again.
 * @example proveParts(snapshot, bundle.namespaces.map(({ yaml }) => readPart(yaml)))
 */
export function proveParts(snapshot: Snapshot, parts: readonly RenderedPart[]): Proof {
  return proveAfter(snapshot, parts).proof;
}

/**
 * As proveParts, after an earlier proof, and it says the same as without one: sides that depend on nothing but what they depended on there, and were
 * equal, are not asked about again.
 * @example proveAfter(snapshot, parts, proveAfter(before, partsBefore)).proof
 */
export function proveAfter(snapshot: Snapshot, parts: readonly RenderedPart[], earlier?: Proved): Proved {
  const { tables, ...held } = beginningFrom(earlier);
  const declared = declaredOf(snapshot, tables.numbers, tables.read);
  const spaces = spacesOf(
    declared,
    parts.flatMap(({ policies }) => policies),
    tables,
    held.spaces ?? [],
  );
  const policies = spaces.all.flatMap((space) => space.policies);
  const objections = [...parts.flatMap((part) => part.objections), ...compareObjects(declared, policies, tables.read)];
  const probes = chooseProbes(declared, spaces.all, tables.read);
  const asked = askAgain(probes.clusters, declared, spaces, tables.numbers, held);
  const caveats = caveatsOf(declared, probes, asked.sides);
  const equal = asked.count === 0 && objections.length === 0;
  const proof = {
    equal,
    compared: { tiers: declared.tiers.length, flows: declared.flows, objects: policies.length, ...asked.sizes },
    differences: asked.differences,
    differenceCount: asked.count,
    objections: firstOf(objections),
    objectionCount: objections.length,
    caveats: firstOf(caveats),
    caveatCount: caveats.length,
  };
  if (!equal) return { proof };
  const size = held.size ?? tables.size();
  return { proof, held: { tables, size, spaces: spaces.all, clusters: probes.clusters, ranges: asked.ranges } };
}

function firstOf(findings: readonly Finding[]): readonly Finding[] {
  return sortFindings(findings).slice(0, LISTED_MAX);
}
