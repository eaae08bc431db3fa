import { sortFindings, type Finding } from '../finding.js';
import type { Snapshot } from '../model/snapshot.js';
import { caveatsOf } from './caveats/caveats.js';
import { declaredOf } from './declared/declared.js';
import { podReader } from './pods/read-pods.js';
import { chooseProbes } from './probes/choose-probes.js';
import { LISTED_MAX, type Proof } from './proof.js';
import { compareObjects } from './rendered/compare-objects.js';
import { readPart, type RenderedPart } from './rendered/read-part.js';
import { renderedPolicy } from './rendered/rendered-policy.js';
import { askAll } from './sides/ask.js';
import { portNumbers } from './port-numbers.js';

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
  const numbers = portNumbers();
  const read = podReader();
  const declared = declaredOf(snapshot, numbers, read);
  const objects = parts.flatMap((part) => part.policies);
  const policies = objects.map((object) => renderedPolicy(object, read));
  const objections = [...parts.flatMap((part) => part.objections), ...compareObjects(declared, policies, read)];
  const probes = chooseProbes(declared, policies, numbers, read);
  const asked = askAll(probes.clusters, declared, objects, numbers);
  const caveats = caveatsOf(declared, probes, asked.sides);
  return {
    equal: asked.count === 0 && objections.length === 0,
    compared: { tiers: declared.tiers.length, flows: declared.flows, objects: objects.length, ...asked.sizes },
    differences: asked.differences,
    differenceCount: asked.count,
    objections: firstOf(objections),
    objectionCount: objections.length,
    caveats: firstOf(caveats),
    caveatCount: caveats.length,
  };
}

function firstOf(findings: readonly Finding[]): readonly Finding[] {
  return sortFindings(findings).slice(0, LISTED_MAX);
}
