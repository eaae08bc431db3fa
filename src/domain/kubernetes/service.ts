import type { Labels } from '../model/labels.js';
import type { Protocol } from '../model/ports.js';
import { protocolOf } from './defaulting.js';
import { fieldsAt, isFields, listAt, own, textAt, type Fields } from './fields.js';

/** A Service: policies are about pods, so it decides nothing here; it tells which ports its pods are meant to be reached on. */
export interface ServiceFacts {
  readonly namespace: string;
  readonly name: string;
  /** ClusterIP where it says nothing. */
  readonly type: string;
  readonly selector: Labels;
  readonly ports: readonly ServicePort[];
}

/** `targetPort` is the port on the pod, by number or name; where it is missing, `port`. */
export interface ServicePort {
  readonly protocol: Protocol;
  readonly port: number;
  readonly targetPort: number | string;
}

/** Reads a Service. Ports without a number are left out. */
export function serviceFacts(object: Fields): ServiceFacts {
  const metadata = fieldsAt(object, 'metadata');
  const spec = fieldsAt(object, 'spec');
  const selector = Object.entries(fieldsAt(spec, 'selector')).map(([key, value]) => [key, String(value)]);
  return {
    namespace: textAt(metadata, 'namespace') || 'default',
    name: textAt(metadata, 'name') ?? '',
    type: textAt(spec, 'type') ?? 'ClusterIP',
    selector: Object.fromEntries(selector) as Labels,
    ports: listAt(spec, 'ports').flatMap((item) => (isFields(item) ? portOf(item) : [])),
  };
}

function portOf(item: Fields): ServicePort[] {
  const port = own(item, 'port');
  const target = own(item, 'targetPort');
  if (typeof port !== 'number') return [];
  const targetPort = typeof target === 'number' || typeof target === 'string' ? target : port;
  return [{ protocol: protocolOf(item), port, targetPort }];
}
