import { SluiceError } from '../../errors.js';
import type { Finding } from '../../finding.js';
import { defaultPolicy } from '../../kubernetes/defaulting.js';
import { fieldsAt, formatField, textAt } from '../../kubernetes/fields.js';
import { manifestObjects, whereOf, type ManifestObject } from '../../kubernetes/manifest-objects.js';
import type { NetworkPolicy } from '../../kubernetes/network-policy.js';
import { validatePolicy } from '../../kubernetes/validate-policy.js';
import { objection } from './objection.js';
import { pieceSharer } from './share-pieces.js';

/** A part of a bundle's bytes read anew, a namespace or all of it: what it holds, and what it should not hold. */
export interface RenderedPart {
  readonly policies: readonly NetworkPolicy[];
  readonly objections: readonly Finding[];
}

/**
 * Reads bytes that were rendered. A part of equal bytes reads the same, so it may be kept from proof to proof. Refuses
 * nothing: what cannot be read, is no NetworkPolicy or breaks an API rule is an objection.
 * @example readPart(wholeYaml(bundle)).policies.length // bundle.counts.objects
 */
export function readPart(bytes: Uint8Array): RenderedPart {
  const found = readObjects(new TextDecoder().decode(bytes));
  if (found instanceof SluiceError)
    return { policies: [], objections: [objection('unreadable', 'bundle', found.message)] };
  const share = pieceSharer();
  const read = found.objects.map((object) => readObject(object, share));
  const strays = found.strays.map((stray) =>
    objection('not-a-networkpolicy', whereOf(stray), `${stray.what} at ${whereOf(stray)} is no NetworkPolicy`),
  );
  return {
    policies: read.flatMap(({ policies }) => policies),
    objections: [...strays, ...read.flatMap(({ objections }) => objections)],
  };
}

function readObjects(yaml: string): ReturnType<typeof manifestObjects> | SluiceError {
  try {
    return manifestObjects(yaml);
  } catch (error) {
    if (error instanceof SluiceError) return error;
    throw error;
  }
}

function readObject(object: ManifestObject, share: (policy: NetworkPolicy) => NetworkPolicy): RenderedPart {
  const { apiVersion, kind, fields } = object;
  const metadata = fieldsAt(fields, 'metadata');
  const ref = `${textAt(metadata, 'namespace') ?? ''}/${textAt(metadata, 'name') ?? ''}`;
  if (apiVersion !== 'networking.k8s.io/v1' || kind !== 'NetworkPolicy') {
    const message = `${kind} ${ref} of ${apiVersion} is no NetworkPolicy of networking.k8s.io/v1`;
    return { policies: [], objections: [objection('not-a-networkpolicy', ref, message)] };
  }
  const violations = validatePolicy({ apiVersion, kind, ...fields });
  if (violations.length > 0) return { policies: [], objections: violations.map(violationOf(ref)) };
  const policy = share(defaultPolicy(fields));
  return { policies: [policy], objections: namedPorts(policy, ref) };
}

function violationOf(ref: string): (violation: ReturnType<typeof validatePolicy>[number]) => Finding {
  return ({ path, detail }) =>
    objection('invalid-networkpolicy', ref, `NetworkPolicy ${ref}: ${formatField(path)}: ${detail}`);
}

/** What a name stands for is up to the containers of each pod, of which the model says nothing. */
function namedPorts({ spec }: NetworkPolicy, ref: string): Finding[] {
  const ports = [...(spec.ingress ?? []), ...(spec.egress ?? [])].flatMap((rule) => rule.ports ?? []);
  const names = new Set(ports.map(({ port }) => port).filter((port) => typeof port === 'string'));
  return [...names].map((name) =>
    objection(
      'named-port',
      ref,
      `NetworkPolicy ${ref} names the port "${name}": which number that is depends on each pod`,
    ),
  );
}
