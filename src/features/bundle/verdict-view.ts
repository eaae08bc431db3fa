import type { QuestionEnd } from '../../domain/verdict/question.js';
import { portRanges } from '../../domain/verdict/port-ranges.js';
import type { ObjectVerdict, SideVerdict } from '../../domain/verdict/verdict.js';
import type { Change } from '../../store/change.store.js';
import type { FlowAuthorship } from './authorship.loader.js';
import type { Told } from './reach.service.js';

/** A verdict as REST answers it. */
export function verdictView({ at, verdict, authors, mends, sentences }: Told): object {
  const { question, allowed, ports, egress, ingress, flows, missing, caveats } = verdict;
  const { environment, version, revision } = at;
  return {
    ...{ environment, version, revision },
    from: endView(question.from),
    to: endView(question.to),
    ...(question.port === undefined ? {} : { port: { ...question.port.range, ...named(question.port.name) } }),
    allowed,
    ports: portRanges(ports),
    egress: sideView(egress),
    ingress: sideView(ingress),
    flows: flows.map((flow) => ({ ...flow, ...authorView(authors.get(flow.name) ?? {}) })),
    ...{ missing, mends, caveats, sentences },
  };
}

/** As a flow would name it, or the addresses as they were asked about. */
export function endView(end: QuestionEnd): { tier: string } | { peer: string } | { addresses: string } {
  switch (end.kind) {
    case 'tier':
      return { tier: end.tier };
    case 'peer':
      return { peer: end.peer };
    case 'addresses':
      return { addresses: end.text };
  }
}

function named(name: string | undefined): object {
  return name === undefined ? {} : { name };
}

function sideView({ subject, basis, allowed, objects }: SideVerdict): object {
  return { subject, basis, ports: portRanges(allowed), objects: objects.map(objectView) };
}

function objectView({ policy, allowed, rules }: ObjectVerdict): object {
  const ruleViews = rules.map(({ rule, allowed: ports, flows, profile }) => ({
    ...{ rule, ports: portRanges(ports), flows, profile },
  }));
  return { policy, ports: portRanges(allowed), rules: ruleViews };
}

function authorView({ declared, changed, since }: FlowAuthorship): object {
  return {
    ...(declared === undefined ? {} : { declared: entryView(declared) }),
    ...(changed === undefined ? {} : { changed: entryView(changed) }),
    publishedSince: since ?? null,
  };
}

/** What was written, /v1/changes has. */
function entryView({ actor, at, revision, reason }: Change): object {
  return { actor, at, revision, ...(reason === undefined ? {} : { reason }) };
}
