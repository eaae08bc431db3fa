import { compareText, refuse, type Problem } from '../errors.js';
import { portSetOf, type PortSet } from '../evaluate/port-set.js';
import type { AddressRange } from '../evaluate/ranges.js';
import { cidr, parseAddress, parseCidr } from '../model/cidr.js';
import { placeAs } from '../model/placed-tier.js';
import { quote } from '../model/names.js';
import { formatPort, portNumber, PROTOCOLS, type NamedPort, type PortRange } from '../model/ports.js';
import { missing } from '../validate/references.js';
import type { VerdictIndex } from './verdict-index.js';

/** "May `from` reach `to`, on `port`?", as it is asked: `application/tier`, the name of a peer, an address or a CIDR. */
export interface RawQuestion {
  readonly from: string;
  readonly to: string;
  /** `TCP/80`, `80`, or the name of a port of the destination; without it: on which ports? */
  readonly port?: string | undefined;
}

/** One end of a question. `text` is what it was called. */
export type QuestionEnd =
  | { readonly kind: 'tier'; readonly text: string; readonly tier: string }
  | { readonly kind: 'peer'; readonly text: string; readonly peer: string }
  | { readonly kind: 'addresses'; readonly text: string; readonly range: AddressRange };

/** The ports that are asked about: one, or those of a named range. */
export interface AskedPort {
  readonly text: string;
  readonly range: PortRange;
  /** Where the destination calls it so. */
  readonly name?: string;
  readonly ports: PortSet;
}

export interface Question {
  readonly from: QuestionEnd;
  readonly to: QuestionEnd;
  readonly port: AskedPort | undefined;
}

/**
 * Reads a question against an edition. Refuses (invalid), naming every problem: ends and ports that do not exist or cannot be read,
 * and two ends of which none is a tier, as between those Sluice has no say.
 * @example readQuestion(index, { from: 'shop/web', to: 'shop/api', port: 'http' }).port?.text // 'TCP 8080'
 */
export function readQuestion(index: VerdictIndex, raw: RawQuestion): Question {
  const from = readEnd(index, '#/from', raw.from);
  const to = readEnd(index, '#/to', raw.to);
  const port = raw.port === undefined ? undefined : readPort(index, to, raw.port);
  const problems = [from, to, port].flatMap((part) => (isProblem(part) ? [part] : []));
  if (isProblem(from) || isProblem(to) || isProblem(port)) {
    refuse(problems, 'the question');
    throw new RangeError('a problem was refused');
  }
  if (from.kind !== 'tier' && to.kind !== 'tier') refuse([noTier(from, to)], 'the question');
  return { from, to, port };
}

function isProblem(part: object | undefined): part is Problem {
  return part !== undefined && 'pointer' in part;
}

function readEnd({ tiers, peers }: VerdictIndex, pointer: string, text: string): QuestionEnd | Problem {
  const address = parseAddress(text);
  if (address !== undefined) {
    const { family, value } = address;
    return { kind: 'addresses', text, range: { family, first: value, last: value } };
  }
  const block = parseCidr(text);
  if (block !== undefined) {
    const violation = cidr(text);
    if (violation !== undefined) return { pointer, ...violation, value: text };
    return { kind: 'addresses', text, range: { family: block.family, first: block.first, last: block.last } };
  }
  if (text.includes('/')) {
    if (tiers.has(text)) return { kind: 'tier', text, tier: text };
    return missing(pointer, 'tier', text, 'the question', nearest([...tiers.keys()], text));
  }
  if (peers.has(text)) return { kind: 'peer', text, peer: text };
  if (/^[0-9.]+$|:/.test(text)) return notAnAddress(pointer, text);
  return missing(pointer, 'peer', text, 'the question', [...peers.keys()].sort(compareText));
}

/** The tiers of the same application first: mostly the other half of the name is wrong. */
function nearest(refs: readonly string[], text: string): string[] {
  const own = text.slice(0, text.indexOf('/') + 1);
  const rank = (ref: string): number => (ref.startsWith(own) ? 0 : 1);
  return [...refs].sort((a, b) => rank(a) - rank(b) || compareText(a, b));
}

function notAnAddress(pointer: string, text: string): Problem {
  const detail = `${quote(text)} is neither a tier, a peer nor an address: write application/tier, the name of a peer, an IPv4 or IPv6 address, or a CIDR`;
  return { pointer, code: 'address', detail, value: text };
}

function noTier(from: QuestionEnd, to: QuestionEnd): Problem {
  const detail = `neither "${from.text}" nor "${to.text}" is a tier: Sluice decides what tiers may do, so one of the two must be application/tier`;
  return { pointer: '#/to', code: 'no-tier', detail, value: to.text };
}

/** A number, with its protocol or for TCP; or a name of the destination's ports, as they are placed here. */
function readPort(index: VerdictIndex, to: QuestionEnd | Problem, text: string): AskedPort | Problem {
  const [, before = 'TCP', digits] = /^(?:([A-Za-z]+)[/ ])?([0-9]{1,5})$/.exec(text) ?? [];
  if (digits === undefined) return namedPort(index, to, text);
  const protocol = PROTOCOLS.find((known) => known === before.toUpperCase());
  if (protocol === undefined || portNumber(Number(digits)) !== undefined) return notAPort(text);
  return asked({ protocol, port: Number(digits) });
}

function asked(range: PortRange, name?: string): AskedPort {
  return { text: formatPort(range), range, ports: portSetOf([range]), ...(name === undefined ? {} : { name }) };
}

function notAPort(text: string): Problem {
  const detail = `${quote(text)} is not a port: write TCP/80, UDP/53 or 80, with a number from 1 to 65535, or the name of a port of the destination`;
  return { pointer: '#/port', code: 'port', detail, value: text };
}

function namedPort(index: VerdictIndex, to: QuestionEnd | Problem, name: string): AskedPort | Problem {
  if (!/^[a-z0-9-]{1,15}$/.test(name)) return notAPort(name);
  if (isProblem(to)) return missing('#/port', 'port', name, 'the question');
  if (to.kind !== 'tier') {
    const detail = `port ${quote(name)} is a name, and "${to.text}" has no named ports: write TCP/80, UDP/53 or 80`;
    return { pointer: '#/port', code: 'port-by-number', detail, value: name };
  }
  const ports = portsOfTier(index, to.tier);
  const found = ports.find((port) => port.name === name);
  if (found === undefined) {
    const have = ports.map((port) => port.name);
    return missing('#/port', 'port', name, `the question about tier "${to.tier}"`, have);
  }
  const { protocol, port, endPort } = found;
  return asked({ protocol, port, ...(endPort === undefined ? {} : { endPort }) }, name);
}

/** The named ports of a tier, with the numbers that it has in this environment. */
export function portsOfTier({ tiers, placements }: VerdictIndex, ref: string): readonly NamedPort[] {
  const tier = tiers.get(ref);
  if (tier === undefined) return [];
  const override = placements.get(tier.application)?.tiers.find((one) => one.tier === tier.name);
  return placeAs(tier, override).ports;
}
