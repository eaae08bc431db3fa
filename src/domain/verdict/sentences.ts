import { formatPortSet } from '../evaluate/port-set.js';
import type { Mend } from './mends.js';
import { listed, objectText } from './missing.js';
import type { SideBasis, SideVerdict, Verdict } from './verdict.js';

/** Who wrote something, and when: an entry of the change log. */
export interface Authored {
  readonly actor: string;
  readonly at: string;
  readonly revision: number;
  readonly reason?: string;
}

/** Where a flow comes from, as it stands in an edition. */
export interface Authorship {
  readonly declared?: Authored;
  /** The last change since, where there was one. */
  readonly changed?: Authored;
  /** The first version that has it as it stands here; absent where none has. */
  readonly since?: number;
}

/** What sentences tell beside the verdict. */
export interface Told {
  readonly version: number | 'draft';
  /** By the name of the flow. */
  readonly authors: ReadonlyMap<string, Authorship>;
  readonly mends: readonly Mend[];
}

/**
 * A verdict in sentences: the answer with its reasons, what is missing, how to mend it, what to keep in mind, and what it is about.
 * @example sentences(verdict, told)[0] // 'shop/web can reach shop/api on TCP 80: flow web-to-api, declared by ann on 2026-01-02, ...'
 */
export function sentences(verdict: Verdict, told: Told): string[] {
  return [
    ...(verdict.allowed ? allowed(verdict, told) : denied(verdict, told)),
    ...verdict.caveats.map(({ message }) => `Mind: ${message}.`),
    edition(verdict, told),
  ];
}

function allowed(verdict: Verdict, told: Told): string[] {
  const { from, to, port } = verdict.question;
  const on = port === undefined ? `${portsText(verdict)} only` : port.text;
  const where = `${from.text} can reach ${to.text} on ${on === 'every port only' ? 'every port' : on}`;
  const { egress, ingress } = verdict;
  const and = egress.basis === 'policies' && ingress.basis === 'policies' ? ' and ' : ', and ';
  return [`${where}: ${because(verdict, told)}; ${sideText(egress)}${and}${sideText(ingress)}.`];
}

function portsText({ ports }: Verdict): string {
  const text = formatPortSet(ports);
  return text === 'All Connections' ? 'every port' : text;
}

function because({ flows, egress, ingress, environment }: Verdict, { authors }: Told): string {
  const rules = [egress, ingress].flatMap(({ objects }) => objects.flatMap((object) => object.rules));
  const facts = [...new Set(rules.flatMap(({ profile }) => profile))].map(
    (fact) => `${fact === 'dns' ? 'the DNS rule' : 'the monitoring rule'} of environment ${environment}`,
  );
  const named = flows.map(({ name }) => `flow ${name}${authorText(authors.get(name))}`);
  const all = [...named, ...facts];
  if (all.length === 0) return 'nothing forbids it';
  return `${listed(all)} ${all.length === 1 ? 'allows' : 'allow'} it`;
}

function authorText(authorship: Authorship | undefined): string {
  const { declared, changed } = authorship ?? {};
  if (declared === undefined) return '';
  const again = changed === undefined ? '' : ` and changed by ${changed.actor} on ${dayOf(changed.at)}`;
  return `, declared by ${declared.actor} on ${dayOf(declared.at)}${again},`;
}

function dayOf(at: string): string {
  return at.slice(0, 'yyyy-mm-dd'.length);
}

const OPEN: Record<SideBasis, (side: SideVerdict) => string> = {
  policies: (side) => policiesText(side),
  'default-allow': ({ subject, direction }) => `no policy isolates ${subject} for ${direction}`,
  'outside-cluster': ({ subject }) => `${subject} is outside the cluster, where no policy holds`,
  'host-network': ({ subject }) => `${subject} is on its node's network, where no policy holds`,
  'same-pod': ({ subject }) => `${subject} always reaches itself`,
  'own-node': ({ subject }) => `${subject} is reached by its own node`,
  peer: ({ subject, direction }) => `${subject} is a peer, whose ${direction} is not Sluice's to rule`,
  absent: ({ subject }) => `${subject} is not there`,
};

function sideText(side: SideVerdict): string {
  return OPEN[side.basis](side);
}

function policiesText({ direction, objects }: SideVerdict): string {
  const opening = objects.filter(({ rules }) => rules.length > 0);
  const texts = opening.map(({ policy, rules }) => {
    const numbers = rules.map(({ rule }) => String(rule));
    return `${objectText(policy)} lets it ${direction === 'egress' ? 'out' : 'in'} by ${numbers.length === 1 ? 'rule' : 'rules'} ${listed(numbers)}`;
  });
  return listed(texts);
}

function denied({ question, missing }: Verdict, { mends }: Told): string[] {
  const { from, to, port } = question;
  const what = `${from.text} cannot reach ${to.text} on ${port === undefined ? 'any port' : port.text}`;
  const why = [...new Set(missing.map((one) => one.why))];
  const objects = missing.filter(({ direction }) => direction !== undefined).map(({ detail }) => `${detail}.`);
  return [`${what}: ${listed(why)}.`, ...objects, ...mendText(mends)];
}

function mendText(mends: readonly Mend[]): string[] {
  const steps = mends.map(({ method, path, body, detail }) =>
    [`${detail}: ${method} ${path}`, ...(body === undefined ? [] : [JSON.stringify(body)])].join(' '),
  );
  return steps.length === 0 ? [] : [`To allow it, ${steps.join('; then ')}`];
}

/** Which edition the answer is of, and since when its flows are published. */
function edition({ environment, flows }: Verdict, { version, authors }: Told): string {
  const published = flows.map(({ name }) => {
    const since = authors.get(name)?.since;
    return since === undefined
      ? `flow ${name} is not published as it is`
      : `flow ${name} is published since version ${since}`;
  });
  const of = version === 'draft' ? `the working model of ${environment}` : `version ${version} of ${environment}`;
  return `So it is in ${of}${published.length === 0 ? '' : `; ${listed(published)}`}.`;
}
