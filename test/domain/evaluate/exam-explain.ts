import {
  formatPortSet,
  hasPort,
  portSetOf,
  unionPorts,
  NO_PORTS,
  everyPortOf,
  isNoPorts,
  type PortSet,
} from '../../../src/domain/evaluate/port-set.js';
import { verdict, type DirectionVerdict } from '../../../src/domain/evaluate/verdict.js';
import type { World } from '../../../src/domain/evaluate/world.js';
import { PROTOCOLS, type Protocol } from '../../../src/domain/model/ports.js';

/** Ports with one reason: for each direction whether it allows them, and which policies (with rules where they allow) are named. */
interface Segment {
  readonly allowed: boolean;
  readonly ports: PortSet;
  readonly egress: string[];
  readonly ingress: string[];
}

export interface ExplainedPair {
  readonly src: string;
  readonly dst: string;
  readonly segments: readonly Segment[];
}

/** Reads the pairs, port sets and policies of a printed explanation; what ingress controllers do is left out. */
export function explainedPairs(text: string): ExplainedPair[] {
  return text
    .split(/^-{20,}$/m)
    .filter((part) => part.includes('Connections between') && !part.includes('{ingress-controller}'))
    .map((part) => {
      const [, src = '', dst = ''] = /Connections between (\S+) => (\S+):/.exec(part) ?? [];
      const segments = part
        .split(/^\t(?=Allowed |Denied )/m)
        .slice(1)
        .map(readSegment);
      return { src, dst, segments };
    });
}

function readSegment(text: string): Segment {
  const [, word = '', ports = ''] = /^(Allowed|Denied) (.*) due to/.exec(text) ?? [];
  const [egress = '', ingress = ''] = text.slice(text.indexOf('Egress (')).split('Ingress (');
  return {
    allowed: word === 'Allowed',
    ports: readPorts(ports),
    egress: readPolicies(egress),
    ingress: readPolicies(ingress),
  };
}

/** `TCP:[80,443-445], UDP` */
function readPorts(text: string): PortSet {
  const parts = [...text.matchAll(/(TCP|UDP|SCTP)(?::\[([^\]]*)\])?/g)];
  return parts.reduce((all, [, protocol, list]) => {
    if (list === undefined) return unionPorts(all, everyPortOf(protocol as Protocol));
    const ranges = list.split(',').map((range) => range.split('-').map(Number));
    return unionPorts(
      all,
      portSetOf(ranges.map(([port = 0, endPort = port]) => ({ protocol: protocol as Protocol, port, endPort }))),
    );
  }, NO_PORTS);
}

function readPolicies(text: string): string[] {
  return [...text.matchAll(/NetworkPolicy '([^']+)'(?: allows connections by \w+ rule #(\d+))?/g)]
    .map(([, policy, rule]) => (rule === undefined ? `${policy}` : `${policy} #${rule}`))
    .sort();
}

/** What our verdict says otherwise, in words; nothing where it says the same. */
export function explanationDiffers(world: World, pair: ExplainedPair): string | undefined {
  const ours = verdict(world, pair.src, pair.dst);
  const union = (allowed: boolean) =>
    pair.segments
      .filter((one) => one.allowed === allowed)
      .map(({ ports }) => ports)
      .reduce(unionPorts, NO_PORTS);
  const where = `${pair.src} => ${pair.dst}`;
  if (formatPortSet(ours.allowed) !== formatPortSet(union(true)))
    return `${where}: allowed ${formatPortSet(ours.allowed)}`;
  if (formatPortSet(ours.denied) !== formatPortSet(union(false)))
    return `${where}: denied ${formatPortSet(ours.denied)}`;
  for (const segment of pair.segments) {
    const protocol = PROTOCOLS.find((one) => segment.ports[one].length > 0) ?? 'TCP';
    const port = segment.ports[protocol][0] ?? 0;
    for (const side of [ours.egress, ours.ingress]) {
      const named = policiesFor(side, protocol, port);
      if (named.join() !== segment[side.direction].join())
        return `${where} ${protocol} ${port} ${side.direction}: ${named.join()}`;
    }
  }
  return undefined;
}

/** Where the direction allows the port: who allows it, by which rule. Where not: every policy. */
function policiesFor({ allowed, policies }: DirectionVerdict, protocol: Protocol, port: number): string[] {
  if (!hasPort(allowed, protocol, port)) return policies.map(({ policy }) => policy).sort();
  return policies
    .filter((policy) => !isNoPorts(policy.allowed))
    .flatMap(({ policy, rules }) =>
      rules.filter((rule) => hasPort(rule.allowed, protocol, port)).map(({ rule }) => `${policy} #${rule}`),
    )
    .sort();
}
