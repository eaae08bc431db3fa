import type { Finding } from '../finding.js';

/** What compile may notice: a closed list. Where a flow is named, the flow (or that part of it) is not rendered. */
export type CompileCode =
  | 'flow-not-placed' // a tier of the flow has no placement in this environment
  | 'flow-end-unknown' // the flow names a tier or peer that the model does not have
  | 'flow-port-unknown' // the flow names a port that the destination does not have; its other ports are rendered
  | 'flow-without-ports' // no port is left
  | 'flow-without-tier' // no end of the flow runs as pods of a tier here, so no object could hold it
  | 'peer-without-addresses' // an end of the flow has no address in this environment
  | 'block-left-out' // a CIDR block that cannot be read, or that its excepts empty
  | 'peer-isolated' // pods of a peer stand under a default deny that nothing opens for them
  | 'selector-matches-nothing' // a tier's pod selector contradicts itself
  | 'tiers-overlap' // a pod could belong to several tiers; it would have the rights of all of them
  | 'overlap-unchecked' // too many selectors of one namespace to compare them all
  | 'tier-without-flows'; // placed, and nothing may reach it and it may reach nothing (but DNS)

const SEVERITY: Record<CompileCode, Finding['severity']> = {
  'flow-not-placed': 'warning',
  'flow-end-unknown': 'error',
  'flow-port-unknown': 'error',
  'flow-without-ports': 'error',
  'flow-without-tier': 'warning',
  'peer-without-addresses': 'warning',
  'block-left-out': 'error',
  'peer-isolated': 'warning',
  'selector-matches-nothing': 'warning',
  'tiers-overlap': 'warning',
  'overlap-unchecked': 'info',
  'tier-without-flows': 'info',
};

/** What to do about each. */
export const COMPILE_MEND: Readonly<Record<CompileCode, string>> = {
  'flow-not-placed': 'Place the application in this environment, or leave the environment out of the flow.',
  'flow-end-unknown': 'Correct the name at that end of the flow.',
  'flow-port-unknown': 'Name one of the ports of the destination, or add the port to it.',
  'flow-without-ports': 'Give the flow a port.',
  'flow-without-tier': 'Place one of the ends as pods here, or leave this environment out of the flow.',
  'peer-without-addresses':
    'Give the peer blocks for this environment, or fill profile.nodeCidrs or profile.apiServerCidrs.',
  'block-left-out': 'Correct the block: a CIDR, and excepts that lie inside it and do not cover it.',
  'peer-isolated': 'Make the pods a tier, or open their side by a policy outside Sluice.',
  'selector-matches-nothing': 'Correct the pod selector of the tier, or the labels of its placement.',
  'tiers-overlap': 'Give each tier a label of its own, and select by it.',
  'overlap-unchecked': 'Select tiers by a label that tells them apart, such as app.kubernetes.io/name.',
  'tier-without-flows': 'Declare the flows of the tier, or remove it.',
};

/** A finding of this code with the severity that belongs to it, or another one where the case is milder. */
export function finding(code: CompileCode, path: string, message: string, severity = SEVERITY[code]): Finding {
  return { code, severity, path, message, mend: COMPILE_MEND[code] };
}
