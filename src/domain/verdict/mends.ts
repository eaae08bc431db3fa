import { isNoPorts, subtractPorts, unionOf } from '../evaluate/port-set.js';
import type { Endpoint, Flow, FlowPort } from '../model/entities.js';
import { formatPort, type PortRange } from '../model/ports.js';
import { flowsBetween, portsOfFlow } from './missing.js';
import { portsOfTier, type Question, type QuestionEnd } from './question.js';
import { endpointOf } from './seen-end.js';
import type { Verdict } from './verdict.js';
import type { VerdictIndex } from './verdict-index.js';

/** One write of the model that would help: as one would send it to the REST API. */
export interface Mend {
  readonly method: 'POST' | 'PUT' | 'PATCH';
  readonly path: string;
  /** Absent where only people know what to say. */
  readonly body?: object;
  /** In words, as in `declare flow frontend-to-database`. */
  readonly detail: string;
}

/** What the working model holds beside the edition, of what a mend could collide with or build on. */
export interface ModelAround {
  /** Flows with the same two ends, of any environment. */
  readonly sameEnds: readonly Flow[];
  /** Names that flows and peers have already, of those that mends would give. */
  readonly taken: ReadonlySet<string>;
}

/**
 * The smallest change after which a question would be allowed, in the order in which to make it; nothing where it is allowed or nothing
 * would help. A flow is only opened in the environment that was asked about.
 * @example mendsOf(index, verdict, { sameEnds: [], taken: new Set() })[0]?.path // '/v1/flows'
 */
export function mendsOf(index: VerdictIndex, verdict: Verdict, around: ModelAround): readonly Mend[] {
  const { missing, question } = verdict;
  const helpless = missing.some(({ code }) => code === 'same-tier' || code === 'not-rendered');
  if (verdict.allowed || helpless) return [];
  const absent = missing.flatMap(({ code, subject }) => absentMend(index, code, subject));
  const flow = missing.some(({ code }) => code === 'no-pods') ? [] : flowMends(index, question, around);
  return [...absent, ...flow];
}

/** An end by what it was called. */
export type Named = Pick<QuestionEnd, 'kind' | 'text'>;

/** The names that new flows and peers would have: for the caller to look up. */
export function namesOfMends({ from, to }: { readonly from: Named; readonly to: Named }): readonly string[] {
  const ends = [from, to].map((end) => (end.kind === 'addresses' ? addressName(end.text) : ''));
  return [...flowNamesFor(from, to), ...ends].filter((name) => name !== '');
}

function absentMend({ snapshot, tiers }: VerdictIndex, code: string, subject: string): Mend[] {
  const environment = snapshot.environment.name;
  const application = tiers.get(subject)?.application;
  if (code === 'no-address' && application === undefined) return [addressMend(environment, subject)];
  if (application === undefined || (code !== 'not-placed' && code !== 'no-address')) return [];
  const path = `/v1/environments/${environment}/placements/${application}`;
  if (code === 'no-address')
    return [{ method: 'PUT', path, detail: `give tier ${subject} addresses that can be read` }];
  const body = { namespace: application };
  return [{ method: 'PUT', path, body, detail: `place application ${application} in environment ${environment}` }];
}

function addressMend(environment: string, peer: string): Mend {
  const detail = `give peer ${peer} addresses in environment ${environment}`;
  return { method: 'PATCH', path: `/v1/peers/${peer}`, detail };
}

/** A port for a flow that is there, here or in other environments; or a flow. */
function flowMends(index: VerdictIndex, question: Question, around: ModelAround): Mend[] {
  const here = flowsBetween(index, question.from, question.to);
  const asked = question.port?.ports;
  const open = unionOf(here.map((flow) => portsOfFlow(index, flow)));
  if (asked === undefined ? !isNoPorts(open) : isNoPorts(subtractPorts(asked, open))) return [];
  const [first] = [...here].sort((a, b) => reachOf(a) - reachOf(b));
  if (first !== undefined) return portMend(index, question, first);
  const elsewhere = around.sameEnds.find((flow) => {
    const ports = portsOfFlow(index, flow);
    return !isNoPorts(ports) && (asked === undefined || isNoPorts(subtractPorts(asked, ports)));
  });
  return elsewhere === undefined ? newFlow(index, question, around) : [environmentMend(index, elsewhere)];
}

/** The flow that holds in the fewest environments opens the least with one more port. */
function reachOf({ environments }: Flow): number {
  return environments?.length ?? Number.MAX_SAFE_INTEGER;
}

function portMend(index: VerdictIndex, { port, to }: Question, flow: Flow): Mend[] {
  if (port === undefined) return [];
  const added = nameOrRange(index, port.range, port.name, to);
  const detail = `add port ${typeof added === 'string' ? added : formatPort(added)} to flow ${flow.name}`;
  return [{ method: 'PATCH', path: `/v1/flows/${flow.name}`, body: { ports: [...flow.ports, added] }, detail }];
}

function environmentMend({ snapshot }: VerdictIndex, { name, environments = [] }: Flow): Mend {
  const environment = snapshot.environment.name;
  const body = { environments: [...environments, environment] };
  const detail = `let flow ${name} hold in environment ${environment} too`;
  return { method: 'PATCH', path: `/v1/flows/${name}`, body, detail };
}

function newFlow(index: VerdictIndex, question: Question, around: ModelAround): Mend[] {
  const ports = portsFor(index, question);
  const peers = [question.from, question.to].flatMap((end) => newPeer(end, around));
  const name = freeName(flowNamesFor(question.from, question.to), around.taken);
  const [from, to] = [endFor(question.from, around), endFor(question.to, around)];
  const environments = [index.snapshot.environment.name];
  const write = { method: 'POST', path: '/v1/flows' } as const;
  const flow: Mend =
    ports.length === 0
      ? { ...write, detail: `declare flow ${name} on the ports that are needed` }
      : { ...write, body: { name, from, to, ports, environments }, detail: `declare flow ${name}` };
  return [...peers, flow];
}

/** Addresses must become a peer before a flow can name them. */
function newPeer(end: QuestionEnd, { taken }: ModelAround): Mend[] {
  if (end.kind !== 'addresses') return [];
  const name = freeName([addressName(end.text)], taken);
  const body = { name, kind: 'cidr', blocks: [{ cidr: cidrOf(end.text) }] };
  return [{ method: 'POST', path: '/v1/peers', body, detail: `declare peer ${name}` }];
}

function endFor(end: QuestionEnd, { taken }: ModelAround): Endpoint {
  const [endpoint] = endpointOf(end);
  return endpoint ?? { peer: freeName([addressName(end.text)], taken) };
}

/** Without a port: all that the destination has names for; nothing where it has none, as nobody can guess. */
function portsFor(index: VerdictIndex, { port, to }: Question): FlowPort[] {
  if (port !== undefined) return [nameOrRange(index, port.range, port.name, to)];
  return to.kind === 'tier' ? portsOfTier(index, to.tier).map(({ name }) => name) : [];
}

function nameOrRange(index: VerdictIndex, range: PortRange, name: string | undefined, to: QuestionEnd): FlowPort {
  const named = to.kind === 'tier' ? portsOfTier(index, to.tier) : [];
  const same = named.find((port) => formatPort(port) === formatPort(range));
  return portFor(range, name ?? same?.name, to);
}

/** By its name where it has one: then it follows the port wherever an environment has another number. */
function portFor(range: PortRange, name: string | undefined, to: QuestionEnd): FlowPort {
  return name !== undefined && to.kind === 'tier' ? name : range;
}

const NAME_MAX = 63;

function flowNamesFor(from: Named, to: Named): string[] {
  const short = `${shortName(from)}-to-${shortName(to)}`;
  const long = `${longName(from)}-to-${longName(to)}`;
  return [short, long, ...[2, 3, 4, 5, 6, 7, 8, 9].map((number) => `${cut(long, NAME_MAX - 2)}-${number}`)].map(
    (name) => cut(name, NAME_MAX),
  );
}

function cut(name: string, max: number): string {
  return name.slice(0, max).replace(/-+$/, '');
}

function shortName(end: Named): string {
  return end.kind === 'tier' ? end.text.slice(end.text.indexOf('/') + 1) : longName(end);
}

function longName(end: Named): string {
  return end.kind === 'addresses' ? addressName(end.text) : end.text.replace('/', '-');
}

function addressName(text: string): string {
  return `addresses-${text.replace(/[^0-9a-zA-Z]+/g, '-').toLowerCase()}`.replace(/-+/g, '-').replace(/-$/, '');
}

function freeName(names: readonly string[], taken: ReadonlySet<string>): string {
  return names.find((name) => !taken.has(name)) ?? names.at(-1) ?? 'flow';
}

function cidrOf(text: string): string {
  return text.includes('/') ? text : `${text}/${text.includes(':') ? 128 : 32}`;
}
