import { portNumber, type PortRange } from '../model/ports.js';
import { protocolOf } from './defaulting.js';
import { fieldsAt, isFields, listAt, own, type Fields } from './fields.js';

const PROBES = ['livenessProbe', 'readinessProbe', 'startupProbe'];
const PROBE_KINDS = ['httpGet', 'tcpSocket', 'grpc'];

/**
 * Where a container says that it listens: the ports it declares, with or without a name, and the numbers its probes ask. What it says
 * is documentation: a container may listen elsewhere, and policies hold for every port.
 * @example listeningPorts({ ports: [{ containerPort: 80 }] }) // [{ protocol: 'TCP', port: 80 }]
 */
export function listeningPorts(container: Fields): PortRange[] {
  const declared = listAt(container, 'ports').flatMap((item) =>
    isFields(item) ? numbered(own(item, 'containerPort'), protocolOf(item)) : [],
  );
  const probed = PROBES.flatMap((probe) =>
    PROBE_KINDS.flatMap((kind) => numbered(own(fieldsAt(fieldsAt(container, probe), kind), 'port'), 'TCP')),
  );
  return [...declared, ...probed];
}

function numbered(port: unknown, protocol: PortRange['protocol']): PortRange[] {
  return typeof port === 'number' && portNumber(port) === undefined ? [{ protocol, port }] : [];
}
