import type { NetworkPolicy } from '../kubernetes/network-policy.js';
import { workloadRef } from '../kubernetes/workload.js';
import { allowedBetween } from './allowed.js';
import type { EvaluateOptions } from './options.js';
import { findPeer, type Peer } from './peer.js';
import { ALL_PORTS, equalPorts, formatPortSet } from './port-set.js';
import { matches } from './selector.js';
import { buildWorld, type World } from './world.js';

/** A switch turned the other way, and what it is about. */
interface Turned {
  readonly name: string;
  readonly options: EvaluateOptions;
  readonly why: string;
}

function turnedSwitches(base: EvaluateOptions): readonly Turned[] {
  const turn = (name: keyof EvaluateOptions, value: string | boolean, why: string): Turned => ({
    name: `${name}=${value}`,
    options: { ...base, [name]: value },
    why,
  });
  return [
    turn('ipBlockMatchesPods', !base.ipBlockMatchesPods, 'network plugins differ on whether an ipBlock matches pods'),
    turn(
      'unknownAddresses',
      base.unknownAddresses === 'certain' ? 'possible' : 'certain',
      'a pod address is not known, and an ipBlock may hold it',
    ),
    turn(
      'hostNetwork',
      base.hostNetwork === 'node' ? 'pod' : 'node',
      'NetworkPolicy is undefined for pods on the host network',
    ),
    turn(
      'sidecarNamedPorts',
      !base.sidecarNamedPorts,
      'network plugins differ on named ports of restartable init containers',
    ),
    turn(
      'namedPorts',
      base.namedPorts === 'union' ? 'first' : 'union',
      'containers of the pod use one port name more than once',
    ),
    turn('endPort', base.endPort === 'range' ? 'first-port' : 'range', 'some network plugins do not know endPort'),
  ];
}

/**
 * Says which switches, each turned alone, would change the answer, and to what. Takes a small world: each switch makes it anew.
 */
export function dependence(world: World, src: Peer, dst: Peer): readonly string[] {
  const answer = allowedBetween(world, src, dst);
  const turned = turnedSwitches(world.options).flatMap(({ name, options, why }) => {
    const other = buildWorld(world.input, options);
    const ports = allowedBetween(other, findPeer(other, src.ref), findPeer(other, dst.ref));
    return equalPorts(ports, answer) ? [] : [`${name} gives ${formatPortSet(ports)}: ${why}`];
  });
  const differs = isOwnNode(src, dst) && !equalPorts(answer, ALL_PORTS);
  return differs ? [...turned, 'network plugins differ on whether a pod always reaches its own node'] : turned;
}

function isOwnNode(src: Peer, dst: Peer): boolean {
  const address = dst.kind === 'range' ? dst.address : undefined;
  return src.kind === 'workload' && address !== undefined && src.workload.nodes.includes(address);
}

/** The same world with only these peers and the policies whose selectors match their pods: all that a question about them needs. */
export function worldAround(world: World, peers: readonly Peer[]): World {
  const refs = new Set(peers.map(({ ref }) => ref));
  const workloads = world.input.workloads.filter((workload) => refs.has(workloadRef(workload)));
  const names = new Set(workloads.map(({ namespace }) => namespace));
  const selects = ({ metadata, spec }: NetworkPolicy): boolean =>
    names.has(metadata.namespace) &&
    workloads.some(({ namespace, labels }) => namespace === metadata.namespace && matches(spec.podSelector, labels));
  const namespaces = world.input.namespaces.filter(({ name }) => names.has(name));
  return buildWorld({ namespaces, workloads, policies: world.input.policies.filter(selects) }, world.options);
}
