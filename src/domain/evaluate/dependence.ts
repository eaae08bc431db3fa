import { workloadRef } from '../kubernetes/workload.js';
import { allowedBetween } from './allowed.js';
import type { EvaluateOptions } from './options.js';
import { findPeer, type Peer } from './peer.js';
import { equalPorts, formatPortSet, subtractPorts, isNoPorts, ALL_PORTS } from './port-set.js';
import { buildWorld, type World, type WorldInput } from './world.js';

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
 * Says which switches, each turned alone, would change the answer, and to what. Asked of a small world of only the two peers
 * and the policies of their namespaces.
 */
export function dependence(world: World, src: Peer, dst: Peer): readonly string[] {
  const input = around(world.input, [src, dst]);
  const ask = (options: EvaluateOptions) => {
    const small = buildWorld(input, options);
    return allowedBetween(small, findPeer(small, src.ref), findPeer(small, dst.ref));
  };
  const answer = ask(world.options);
  const turned = turnedSwitches(world.options).flatMap(({ name, options, why }) => {
    const other = ask(options);
    return equalPorts(other, answer) ? [] : [`${name} gives ${formatPortSet(other)}: ${why}`];
  });
  return isNoPorts(subtractPorts(ALL_PORTS, answer)) || !isOwnNode(src, dst)
    ? turned
    : [...turned, 'network plugins differ on whether a pod always reaches its own node'];
}

function isOwnNode(src: Peer, dst: Peer): boolean {
  return (
    src.kind === 'workload' &&
    dst.kind === 'range' &&
    dst.address !== undefined &&
    src.workload.nodes.includes(dst.address)
  );
}

function around(input: WorldInput, peers: readonly Peer[]): WorldInput {
  const refs = new Set(peers.map(({ ref }) => ref));
  const workloads = input.workloads.filter((workload) => refs.has(workloadRef(workload)));
  const names = new Set(workloads.map(({ namespace }) => namespace));
  return {
    namespaces: input.namespaces.filter(({ name }) => names.has(name)),
    workloads,
    policies: input.policies.filter(({ metadata }) => names.has(metadata.namespace)),
  };
}
