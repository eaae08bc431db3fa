/** The questions that network plugins answer differently. Each has a default, and verdicts say where the answer depends on one. */
export interface EvaluateOptions {
  /**
   * An ipBlock matches pods by their address, as the Kubernetes end-to-end tests expect; false: only what is outside the
   * cluster.
   */
  readonly ipBlockMatchesPods: boolean;
  /** Restartable init containers count when a named port is resolved. */
  readonly sidecarNamedPorts: boolean;
  /**
   * Where containers of a pod reuse a port name: all of them, or only the first one of that name. The default is `union`, and
   * `first` where ipBlocks never match pods, as the analysers that answer so do.
   */
  readonly namedPorts: 'union' | 'first';
  /**
   * `node`: a pod on the host network is part of its node: no selector matches it, and ipBlocks match it by the node's
   * address. `pod`: it is matched as any other pod. The default is `node`, and `pod` where ipBlocks never match pods,
   * as nothing could match it there.
   */
  readonly hostNetwork: 'node' | 'pod';
  /** Plugins without support for endPort apply only `port`. */
  readonly endPort: 'range' | 'first-port';
  /**
   * Which ipBlocks match pods whose address nobody knows: those that are sure to (`certain`: all of IPv4, without except), or
   * all of them (`possible`).
   */
  readonly unknownAddresses: 'certain' | 'possible';
  /** Whether there are IPv6 ranges outside the cluster: where a policy has an IPv6 block, always, or never. */
  readonly ipv6: 'when-used' | 'always' | 'never';
}

/** Fills in what is left open. */
export function evaluateOptions(given: Partial<EvaluateOptions> = {}): EvaluateOptions {
  const ipBlockMatchesPods = given.ipBlockMatchesPods ?? true;
  return {
    ipBlockMatchesPods,
    sidecarNamedPorts: given.sidecarNamedPorts ?? true,
    namedPorts: given.namedPorts ?? (ipBlockMatchesPods ? 'union' : 'first'),
    hostNetwork: given.hostNetwork ?? (ipBlockMatchesPods ? 'node' : 'pod'),
    endPort: given.endPort ?? 'range',
    unknownAddresses: given.unknownAddresses ?? 'certain',
    ipv6: given.ipv6 ?? 'when-used',
  };
}
