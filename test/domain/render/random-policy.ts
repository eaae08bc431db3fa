import fc from 'fast-check';
import type {
  NetworkPolicy,
  NetworkPolicyPeer,
  NetworkPolicyPort,
} from '../../../src/domain/kubernetes/network-policy.js';
import type { LabelSelector } from '../../../src/domain/model/selector.js';

/** Texts that some YAML parser takes for something else than a string, or that end or start something. */
export const HOSTILE = [
  ...[
    '',
    ' ',
    '  a',
    'a ',
    '\t',
    '\n',
    'a\nb',
    'a\r\nb',
    '\n\n',
    'a\n',
    '---',
    '...',
    '--- a',
    '- a',
    '-',
    '?',
    '? a',
    ':',
    'a:',
    'a: b',
    ':a',
    'a:b',
  ],
  ...[
    '#',
    ' #',
    'a #b',
    'a#b',
    ',',
    '[',
    ']',
    '{',
    '}',
    '{}',
    '[]',
    '&a',
    '*a',
    '!a',
    '!!str a',
    '|',
    '>',
    '|-',
    "'",
    '"',
    "it's",
    '%',
    '%YAML 1.1',
    '@',
    '`',
  ],
  ...[
    'y',
    'Y',
    'n',
    'N',
    'yes',
    'Yes',
    'NO',
    'on',
    'ON',
    'Off',
    'true',
    'TRUE',
    'False',
    'null',
    'Null',
    'NULL',
    '~',
    '=',
    '<<',
    'nan',
    'inf',
  ],
  ...[
    '0',
    '-0',
    '+1',
    '1',
    '01',
    '0o17',
    '017',
    '0x1F',
    '0b11',
    '1.0',
    '.5',
    '5.',
    '1e3',
    '1E3',
    '1e-3',
    '1_000',
    '0x_1',
    '.inf',
    '-.INF',
    '.nan',
    '.NaN',
  ],
  ...[
    '12:30',
    '12:30:45',
    '190:20:30.15',
    '2001-01-01',
    '2001-12-14t21:59:43.10-05:00',
    '2001-12-14 21:59:43',
    '1.2.3.4',
    '10.0.0.0/8',
    '1,000',
    '1/2',
  ],
  ...[
    '\u0000',
    '\u0001',
    '\u001b[0m',
    '\u007f',
    '\u0080',
    '\u0085',
    'a\u0085b',
    '\u00a0',
    'a\u00a0',
    '\u2028',
    'a\u2028b',
    '\u2029',
    '\ufeff',
    'a\ufeff',
    '\ufffe',
    '\uffff',
  ],
  ...[
    'é',
    'ß',
    '日本',
    '😀',
    'a😀',
    '\u{10ffff}',
    '\\',
    '\\n',
    '\\u0041',
    'a\\',
    '"a"',
    'constructor',
    'toString',
    'e3',
    'E10',
    'x'.repeat(3000),
    'word '.repeat(60),
  ],
];

/** Anything, hostile texts first. Lone surrogates are no text that UTF-8 could carry: they have a test of their own. */
const anyText = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...HOSTILE) },
  { weight: 3, arbitrary: fc.string({ unit: 'grapheme', maxLength: 20 }) },
  { weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength: 10 }) },
  {
    weight: 1,
    arbitrary: fc.tuple(fc.constantFrom(...HOSTILE), fc.constantFrom(...HOSTILE)).map((parts) => parts.join('')),
  },
);
/** The API server takes no label key over 317 characters, and YAML no plain key over 1024. */
const anyKey = anyText.filter((text) => text !== '__proto__').map((text) => text.slice(0, 317));
const anyMap = fc.dictionary(anyKey, anyText, { maxKeys: 3 });

const optional = <T extends object>(fields: { [K in keyof T]: fc.Arbitrary<T[K]> }): fc.Arbitrary<Partial<T>> =>
  fc.record(fields, { requiredKeys: [] }) as fc.Arbitrary<Partial<T>>;

const requirement = fc.oneof(
  fc.record({
    key: anyText,
    operator: fc.constantFrom('In' as const, 'NotIn' as const),
    values: fc.array(anyText, { maxLength: 3 }),
  }),
  fc.record({ key: anyText, operator: fc.constantFrom('Exists' as const, 'DoesNotExist' as const) }),
);
const selector = optional<LabelSelector>({
  matchLabels: anyMap,
  matchExpressions: fc.array(requirement, { maxLength: 2 }),
}) as fc.Arbitrary<LabelSelector>;
const ipBlock = fc.oneof(
  fc.record({ cidr: anyText }),
  fc.record({ cidr: anyText, except: fc.array(anyText, { maxLength: 2 }) }),
);
const peer = optional<NetworkPolicyPeer>({
  namespaceSelector: selector,
  podSelector: selector,
  ipBlock,
}) as fc.Arbitrary<NetworkPolicyPeer>;
const portNumber = fc.integer({ min: 1, max: 65535 });
const port = optional<NetworkPolicyPort>({
  protocol: fc.constantFrom('TCP', 'UDP', 'SCTP'),
  port: fc.oneof(portNumber, anyText),
  endPort: portNumber,
}) as fc.Arbitrary<NetworkPolicyPort>;
const peers = fc.array(peer, { maxLength: 3 });
const ports = fc.array(port, { maxLength: 3 });

/** NetworkPolicies of every shape that the type allows, with any strings in them. */
export const anyPolicies: fc.Arbitrary<NetworkPolicy[]> = fc.array(
  fc.record({
    apiVersion: fc.constant('networking.k8s.io/v1' as const),
    kind: fc.constant('NetworkPolicy' as const),
    metadata: fc.record(
      { name: anyText, namespace: anyText, labels: anyMap, annotations: anyMap },
      { requiredKeys: ['name', 'namespace'] },
    ),
    spec: fc.record(
      {
        podSelector: selector,
        policyTypes: fc.subarray(['Ingress' as const, 'Egress' as const]),
        ingress: fc.array(optional({ from: peers, ports }), { maxLength: 2 }),
        egress: fc.array(optional({ to: peers, ports }), { maxLength: 2 }),
      },
      { requiredKeys: ['podSelector', 'policyTypes'] },
    ),
  }) as fc.Arbitrary<NetworkPolicy>,
  { minLength: 1, maxLength: 3 },
);
