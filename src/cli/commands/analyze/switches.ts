import type { EvaluateOptions } from '../../../domain/evaluate/options.js';
import type { Option } from '../../option.js';
import { choiceOf, type Words } from '../../words.js';

const FLAG = ['true', 'false'] as const;

/** Where network plugins differ: the options of the evaluator, as words. */
const SWITCHES = {
  'ip-block-matches-pods': FLAG,
  'sidecar-named-ports': FLAG,
  'named-ports': ['union', 'first'],
  'host-network': ['node', 'pod'],
  'end-port': ['range', 'first-port'],
  'unknown-addresses': ['certain', 'possible'],
  ipv6: ['when-used', 'always', 'never'],
} as const;

const SUMMARIES: Readonly<Record<keyof typeof SWITCHES, string>> = {
  'ip-block-matches-pods': 'an ipBlock matches pods by their address',
  'sidecar-named-ports': 'named ports of restartable init containers count',
  'named-ports': 'a name that containers of a pod reuse means all of them, or the first',
  'host-network': 'a pod on the host network is part of its node, or as any other',
  'end-port': 'endPort is known to the plugin, or only port counts',
  'unknown-addresses': 'ipBlocks match pods of unknown address where they must, or where they may',
  ipv6: 'whether there are IPv6 ranges in the answer',
};

export const SWITCH_OPTIONS: readonly Option[] = (Object.keys(SWITCHES) as (keyof typeof SWITCHES)[]).map((name) => ({
  name,
  kind: 'value',
  choices: SWITCHES[name],
  summary: SUMMARIES[name],
  group: 'Where network plugins differ (the first is the default)',
}));

/** The switches that were set; the rest is as the evaluator has it. */
export function switchesOf(words: Words): Partial<EvaluateOptions> {
  const flag = (name: 'ip-block-matches-pods' | 'sidecar-named-ports') => choiceOf(words, name, SWITCHES[name]);
  const all = {
    ipBlockMatchesPods: truth(flag('ip-block-matches-pods')),
    sidecarNamedPorts: truth(flag('sidecar-named-ports')),
    namedPorts: choiceOf(words, 'named-ports', SWITCHES['named-ports']),
    hostNetwork: choiceOf(words, 'host-network', SWITCHES['host-network']),
    endPort: choiceOf(words, 'end-port', SWITCHES['end-port']),
    unknownAddresses: choiceOf(words, 'unknown-addresses', SWITCHES['unknown-addresses']),
    ipv6: choiceOf(words, 'ipv6', SWITCHES.ipv6),
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}

function truth(text: 'true' | 'false' | undefined): boolean | undefined {
  return text === undefined ? undefined : text === 'true';
}
