import type { Finding } from '../../finding.js';
import type { Declared } from '../declared/declared.js';
import type { ChosenProbes } from '../probes/choose-probes.js';
import type { Sides } from '../sides/sides.js';
import { dnsCaveats } from './no-dns.js';
import { overlapCaveats } from './overlap.js';
import { peerCaveats } from './peer-matches-tier.js';
import { unaskedCaveats } from './unasked.js';

/** All that is named beside a proof. */
export function caveatsOf(declared: Declared, probes: ChosenProbes, sides: Sides): Finding[] {
  return [
    ...overlapCaveats(probes.overlaps),
    ...dnsCaveats(declared, sides.numbers),
    ...peerCaveats(declared, sides),
    ...unaskedCaveats(declared, probes),
  ];
}
