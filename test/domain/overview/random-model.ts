import fc from 'fast-check';
import { DEFAULT_PROFILE, type Flow, type Peer, type Placement } from '../../../src/domain/model/entities.js';
import type { Snapshot } from '../../../src/domain/model/snapshot.js';

const PROTOCOLS = ['TCP', 'UDP', 'SCTP'] as const;
const KINDS = ['pods', 'internet', 'anywhere'] as const;

/** An arrow to be, by the numbers of its ends: tiers first, then peers. */
interface Pair {
  readonly from: number;
  readonly to: number;
  readonly ports: readonly { readonly protocol: (typeof PROTOCOLS)[number]; readonly port: number }[];
}

/**
 * Snapshots with any arrows at all: forks, joins, circles, tiers that talk to themselves or to nobody, peers that call and are called,
 * tiers outside. `names` makes the name of each tier from its number.
 */
export function snapshots(options: {
  readonly tiers: number;
  readonly applications: number;
  readonly flows: number;
  readonly names?: (index: number) => string;
}): fc.Arbitrary<Snapshot> {
  const { names = (index: number) => `t${index}` } = options;
  return fc
    .record({
      tiers: fc.integer({ min: 1, max: options.tiers }),
      peers: fc.array(fc.constantFrom(...KINDS), { maxLength: 3 }),
      applications: fc.integer({ min: 1, max: options.applications }),
      outside: fc.array(fc.nat(options.tiers), { maxLength: 2 }),
      text: fc.string({ unit: 'grapheme', maxLength: 200 }),
    })
    .chain(({ tiers, peers, applications, outside, text }) => {
      const end = fc.nat(tiers + peers.length - 1);
      const port = fc.record({ protocol: fc.constantFrom(...PROTOCOLS), port: fc.integer({ min: 1, max: 65535 }) });
      const pair = fc.record({ from: end, to: end, ports: fc.array(port, { minLength: 1, maxLength: 3 }) });
      return fc.array(pair, { maxLength: options.flows }).map((pairs) => {
        const refs = Array.from({ length: tiers }, (_, index) => `app${index % applications}/${names(index)}`);
        return snapshotOf(refs, peers, outside, pairs, text);
      });
    });
}

function snapshotOf(
  refs: readonly string[],
  kinds: readonly (typeof KINDS)[number][],
  outside: readonly number[],
  pairs: readonly Pair[],
  text: string,
): Snapshot {
  const parts = refs.map((ref) => ref.split('/') as [string, string]);
  const applications = [...new Set(parts.map(([application]) => application))];
  const peers = kinds.map((kind, index): Peer => ({ name: `peer${index}`, kind, displayName: text }));
  const end = (index: number) =>
    index < refs.length ? { tier: refs[index] ?? '' } : { peer: `peer${index - refs.length}` };
  const flows = pairs
    .filter(({ from, to }) => from < refs.length || to < refs.length)
    .map(({ from, to, ports }, index): Flow => {
      return { name: `flow-${index}`, from: end(from), to: end(to), ports, reason: text };
    });
  const placements = applications.map((application): Placement => {
    const own = refs.map((_, index) => index).filter((index) => parts[index]?.[0] === application);
    const tiers = own.filter((index) => outside.includes(index));
    const outsideTiers = tiers.map((index) => ({ tier: parts[index]?.[1] ?? '', outside: [{ cidr: '10.0.0.0/24' }] }));
    return { environment: 'dev', application, namespace: application, tiers: outsideTiers };
  });
  return {
    revision: 1,
    environment: { name: 'dev', profile: DEFAULT_PROFILE },
    teams: [{ name: 'demo' }],
    applications: applications.map((name) => ({ name, team: 'demo', displayName: text })),
    tiers: parts.map(([application, name], index) => {
      return { application, name, podSelector: { matchLabels: { app: String(index) } }, ports: [], displayName: text };
    }),
    peers,
    placements,
    flows,
  };
}
