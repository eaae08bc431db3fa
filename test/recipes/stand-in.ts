import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

/**
 * A stand-in for kubectl and the cluster behind it, where no cluster is: a program of that name that keeps objects in a file. It knows the calls of the recipes and
 * refuses all others. Only `apply`, `diff` and `delete` are stood in for; what kubectl does without a cluster is asked of kubectl.
 */
export interface Cluster {
  /** To go in front of PATH. */
  readonly bin: string;
  /** Namespace/name of every object there, sorted. */
  names(): string[];
  /** Every object there. */
  objects(): any[];
  /** The arguments of each call so far. */
  calls(): string[][];
  /** As if it stood there before, of nobody's doing here. */
  put(namespace: string, name: string): void;
  /** From now on calls whose arguments have this text in them fail. */
  failAt(text: string): void;
}

export function standIn(home: string): Cluster {
  const [bin, state, log, fail] = ['bin', 'objects.json', 'calls.jsonl', 'fail'].map((name) => join(home, name)) as [
    string,
    string,
    string,
    string,
  ];
  mkdirSync(bin);
  writeFileSync(state, '{}');
  writeFileSync(log, '');
  const settings = { state, log, fail, yaml: createRequire(import.meta.url).resolve('yaml') };
  writeFileSync(
    join(bin, 'kubectl'),
    `#!${process.execPath}\nconst settings = ${JSON.stringify(settings)};\n${PROGRAM}`,
  );
  chmodSync(join(bin, 'kubectl'), 0o755);
  const read = (): Record<string, any> => JSON.parse(readFileSync(state, 'utf8'));
  return {
    bin,
    names: () => Object.keys(read()).sort(),
    objects: () => Object.values(read()).map(({ object }) => object),
    calls: () =>
      readFileSync(log, 'utf8')
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line)),
    put: (namespace, name) => {
      const object = { kind: 'NetworkPolicy', metadata: { namespace, name } };
      writeFileSync(state, JSON.stringify({ ...read(), [`${namespace}/${name}`]: { object } }));
    },
    failAt: (text) => (existsSync(home) ? writeFileSync(fail, text) : undefined),
  };
}

const PROGRAM = `
const { appendFileSync, existsSync, readFileSync, writeFileSync } = require('node:fs');
const { parseAllDocuments } = require(settings.yaml);
const args = process.argv.slice(2);
appendFileSync(settings.log, JSON.stringify(args) + '\\n');
const fail = existsSync(settings.fail) ? readFileSync(settings.fail, 'utf8') : '';
if (fail !== '' && args.join(' ').includes(fail)) { console.error('the stand-in was told to fail'); process.exit(7); }
const flags = new Map(args.filter((word) => word.startsWith('--')).map((word) => [word.split('=')[0], word.slice(word.indexOf('=') + 1)]));
const [verb, kind, name] = args.filter((word) => !word.startsWith('-'));
const there = JSON.parse(readFileSync(settings.state, 'utf8'));
const keyOf = ({ metadata }) => metadata.namespace + '/' + metadata.name;
const given = () => parseAllDocuments(readFileSync(flags.get('--filename'), 'utf8')).map((document) => document.toJS());
const same = (object) => JSON.stringify(there[keyOf(object)]?.object) === JSON.stringify(object);
if (!flags.has('--server-side') && verb !== 'delete') throw new Error('not by the server');
switch (verb) {
  case 'diff':
    process.exit(given().every(same) ? 0 : 1);
  case 'apply': {
    const set = flags.get('--applyset');
    if ((set !== undefined) !== (process.env.KUBECTL_APPLYSET === 'true')) throw new Error('an ApplySet needs KUBECTL_APPLYSET=true');
    const namespace = flags.get('--namespace');
    for (const object of given()) {
      if (namespace !== undefined && object.metadata.namespace !== namespace) throw new Error('outside of the namespace of the parent');
      there[keyOf(object)] = { object, set };
    }
    const visited = new Set(given().map(keyOf));
    if (flags.has('--prune'))
      for (const [key, { object, set: of }] of Object.entries(there))
        if (of === set && object.metadata.namespace === namespace && !visited.has(key)) delete there[key];
    break;
  }
  case 'delete': {
    if (kind !== 'networkpolicies.networking.k8s.io') throw new Error('deletes ' + kind);
    const key = flags.get('--namespace') + '/' + name;
    if (!(key in there) && !flags.has('--ignore-not-found')) process.exit(1);
    delete there[key];
    break;
  }
  default:
    throw new Error('the stand-in does not know ' + args.join(' '));
}
writeFileSync(settings.state, JSON.stringify(there));
`;
