import { formatPort, lastPort, type PortRange } from '../model/ports.js';
import type { ApplicationGroup, Arrow, Box, FlowLine, OverviewModel } from './overview-model.js';

/** What stands in the summary for a tier that calls nobody (contract). */
export const ENDPOINT = 'None (acts as endpoint)';

/**
 * Numbers alone, with the protocol where it is not TCP.
 * @example portNumbers([{ protocol: 'TCP', port: 80 }, { protocol: 'UDP', port: 53 }]) // '80, 53/UDP'
 */
export function portNumbers(ports: readonly PortRange[]): string {
  return ports.map((range) => `${span(range)}${range.protocol === 'TCP' ? '' : `/${range.protocol}`}`).join(', ');
}

function span(range: PortRange): string {
  return lastPort(range) > range.port ? `${range.port}-${lastPort(range)}` : String(range.port);
}

/** `port 80`, `ports 80, 443` or `ports 8000-8010`. */
export function portPhrase(ports: readonly PortRange[]): string {
  const one = ports.length === 1 && ports.every((range) => lastPort(range) === range.port);
  return `${one ? 'port' : 'ports'} ${portNumbers(ports)}`;
}

/** What arrows say on their way out of a box: nothing where no policy stands there. */
export function leavingLabel(box: Box): string {
  return box.kind === 'tier' && box.outside === undefined ? 'Egress' : '';
}

/** What an arrow says on its way into the box it reaches. */
export function arrivingLabel(arrow: Arrow): string {
  return arrow.sides === 'egress' ? portPhrase(arrow.ports) : `Ingress (${portPhrase(arrow.ports)})`;
}

/**
 * Both in one, for formats that write one label an arrow.
 * @example arrowLabel({ from, to, sides: 'both', ports: [{ protocol: 'TCP', port: 3000 }] }) // 'Egress / Ingress (port 3000)'
 */
export function arrowLabel(arrow: Arrow): string {
  switch (arrow.sides) {
    case 'both':
      return `Egress / Ingress (${portPhrase(arrow.ports)})`;
    case 'egress':
      return `Egress (${portPhrase(arrow.ports)})`;
    case 'ingress':
      return `Ingress (${portPhrase(arrow.ports)})`;
  }
}

/**
 * A flow in words: who, to whom, on what; what that is at either end; and the reason where there is one.
 * @example flowInWords(flow, frontend, backend)[1] // 'This is egress from the frontend and ingress to the backend.'
 */
export function flowInWords(flow: FlowLine, from: Box, to: Box): string[] {
  const lead = `${from.name} -> ${to.name} on ${flow.ports.map(formatPort).join(', ')}:`;
  const reason = flow.reason === undefined ? [] : [`Reason: ${flow.reason}`];
  return [lead, `This is ${sidesInWords(flow, from, to)}.`, ...reason];
}

function sidesInWords(flow: FlowLine, from: Box, to: Box): string {
  switch (flow.sides) {
    case 'both':
      return `egress from the ${from.name} and ingress to the ${to.name}${from === to ? ', between its own pods' : ''}`;
    case 'egress':
      return `egress from the ${from.name}${outsideInWords(to)}`;
    case 'ingress':
      return `ingress to the ${to.name}${outsideInWords(from)}`;
  }
}

function outsideInWords(box: Box): string {
  if (box.kind === 'peer' || box.outside === undefined) return '';
  return `; the ${box.name} is outside the cluster (${box.outside.join(', ')})`;
}

/** `outside: 10.0.0.0/24` for a tier outside the cluster, `outside` where no address of it is known. */
export function outsideMark(box: Box): string | undefined {
  if (box.kind === 'peer' || box.outside === undefined) return undefined;
  return ['outside', box.outside.join(', ')].filter((text) => text !== '').join(': ');
}

/** `dev: 1 application, 3 tiers, 1 peer, 3 flows`, or that there is nothing to draw. */
export function counts(model: OverviewModel): string {
  if (model.tiers.length === 0) return `${model.environment}: no application is placed here`;
  const many = (count: number, what: string) => `${count} ${what}${count === 1 ? '' : 's'}`;
  const parts = [
    many(model.applications.length, 'application'),
    many(model.tiers.length, 'tier'),
    many(model.peers.length, 'peer'),
    many(model.flows.length, 'flow'),
  ];
  return `${model.environment}: ${parts.join(', ')}`;
}

/** What diagrams write in a box, a line each: the name, the display name, then ports, place, or what a peer stands for. */
export function boxTexts(box: Box): string[] {
  const title = box.title === undefined ? [] : [box.title];
  if (box.kind === 'peer') return [box.name, ...title, ...(box.detail === undefined ? [] : [box.detail])];
  const mark = outsideMark(box);
  return [
    box.name,
    ...title,
    ...(box.ports.length === 0 ? [] : [portPhrase(box.ports)]),
    ...(mark === undefined ? [] : [`(${mark})`]),
  ];
}

/** `shop`, or `The shop (shop)` where the application has a display name. */
export function groupTitle({ name, title }: ApplicationGroup): string {
  return title === undefined ? name : `${title} (${name})`;
}

/** Many tiers side by side make a ribbon no screen can show: beyond this a diagram runs from left to right and grows downwards. */
const MOST_ACROSS = 16;

/** From top to bottom, or from left to right where there are many tiers: as Graphviz and Mermaid both say it. */
export function diagramDirection(model: OverviewModel): 'TB' | 'LR' {
  return model.tiers.length > MOST_ACROSS ? 'LR' : 'TB';
}
