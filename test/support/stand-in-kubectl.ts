import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { NetworkPolicy } from '../../src/domain/kubernetes/network-policy.js';

/** One call, and all objects that were there when it was over. */
export interface Call {
  readonly args: readonly string[];
  readonly objects: readonly Stored[];
}

export interface Stored extends NetworkPolicy {
  readonly metadata: NetworkPolicy['metadata'] & {
    readonly uid: string;
    readonly resourceVersion: string;
    readonly managedFields: readonly { readonly manager: string; readonly operation: string }[];
  };
}

/**
 * A program in the place of kubectl, as no cluster can be had here: it keeps objects in a file, knows server-side apply as far as one manager
 * holds all of an object's spec, and notes each call. With no more than this it knows no defaults, no validation and no namespaces.
 */
export interface StandInKubectl {
  /** To be put in front of PATH. */
  readonly folder: string;
  readonly program: string;
  calls(): Call[];
  objects(): Stored[];
  set(objects: readonly (NetworkPolicy & { readonly manager?: string })[]): void;
  /** The call that has this in its words or its input fails, or nothing at all is done. */
  failAt(text: string): void;
  /** Replaces this object by another one before it is read alone, or right after that. */
  swapAt(name: string, when: 'before' | 'after'): void;
}

const PROGRAM = `
const { appendFileSync, readFileSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');
const at = (name) => join(__dirname, name);
const args = process.argv.slice(2);
const [verb] = args;
const option = (name) => (args.find((word) => word.startsWith('--' + name + '=')) || '').split('=')[1];
let objects = JSON.parse(readFileSync(at('objects.json'), 'utf8'));
const is = (namespace, name) => ({ metadata }) => metadata.namespace === namespace && metadata.name === name;
const leave = (code, out, err) => {
  writeFileSync(at('objects.json'), JSON.stringify(objects));
  appendFileSync(at('calls.jsonl'), JSON.stringify({ args, objects }) + '\\n');
  process.stdout.write(out || '');
  process.stderr.write(err || '');
  process.exitCode = code;
};
const input = verb === 'get' ? '' : readFileSync(0, 'utf8');
const { failAt, swapAt, when } = JSON.parse(readFileSync(at('mode.json'), 'utf8'));
const uid = () => 'uid-' + Math.random().toString(36).slice(2);
if (failAt && (args.join(' ') + input).includes(failAt)) leave(1, '', 'E1123 03:31:31.499720    8596 memcache.go:265] "Unhandled Error"\\nerror: it fails at ' + failAt + '\\n');
else if (verb === 'get' && args.includes('--all-namespaces')) leave(0, JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects }));
else if (verb === 'get') {
  const swap = () => {
    objects = objects.map((one) => (one.metadata.name === swapAt ? { ...one, metadata: { ...one.metadata, uid: uid() } } : one));
  };
  if (swapAt === args[2] && when === 'before') swap();
  const one = objects.find(is(option('namespace'), args[2]));
  if (swapAt === args[2] && when === 'after') swap();
  leave(0, one ? JSON.stringify(one) : '');
} else if (verb === 'delete') {
  const [, namespace, name] = /namespaces\\/([^/]+)\\/networkpolicies\\/([^/]+)$/.exec(option('raw'));
  const { preconditions } = JSON.parse(input);
  const there = objects.find(is(namespace, name));
  const same = there && there.metadata.uid === preconditions.uid && there.metadata.resourceVersion === preconditions.resourceVersion;
  objects = objects.filter((one) => !same || one !== there);
  if (same) leave(0, 'deleted\\n');
  else leave(1, '', 'Error from server (Conflict): the UID in the precondition does not match\\n');
} else if (verb === 'apply' && args.includes('--server-side')) {
  const wanted = JSON.parse(input);
  const manager = option('field-manager');
  const there = objects.find(is(wanted.metadata.namespace, wanted.metadata.name));
  const others = there ? there.metadata.managedFields.filter((entry) => entry.manager !== manager) : [];
  const same = there && JSON.stringify(there.spec) === JSON.stringify(wanted.spec);
  if (others.length > 0 && !same && !args.includes('--force-conflicts'))
    leave(1, '', 'error: Apply failed with 1 conflict: conflict with "' + others[0].manager + '": .spec\\n');
  else {
    const kept = there ? there.metadata : { uid: uid() };
    const resourceVersion = uid();
    const managedFields = [...(same ? others : []), { manager, operation: 'Apply' }];
    const labels = { ...kept.labels, ...wanted.metadata.labels };
    const annotations = { ...kept.annotations, ...wanted.metadata.annotations };
    const metadata = { ...kept, ...wanted.metadata, labels, annotations, managedFields, resourceVersion };
    objects = [...objects.filter((one) => one !== there), { ...wanted, metadata }];
    leave(0, 'serverside-applied\\n');
  }
} else leave(1, '', 'error: this stand-in does not know ' + args.join(' ') + '\\n');
`;

export function standInKubectl(folder: string): StandInKubectl {
  mkdirSync(folder, { recursive: true });
  const at = (name: string) => join(folder, name);
  writeFileSync(at('package.json'), '{"type":"commonjs"}');
  writeFileSync(at('kubectl'), `#!${process.execPath}\n${PROGRAM}`);
  chmodSync(at('kubectl'), 0o755);
  writeFileSync(at('objects.json'), '[]');
  const mode = (said: object) => writeFileSync(at('mode.json'), JSON.stringify(said));
  mode({});
  const linesOf = (name: string) =>
    existsSync(at(name)) ? readFileSync(at(name), 'utf8').split('\n').filter(Boolean) : [];
  return {
    folder,
    program: at('kubectl'),
    calls: () => linesOf('calls.jsonl').map((line) => JSON.parse(line) as Call),
    objects: () => JSON.parse(readFileSync(at('objects.json'), 'utf8')) as Stored[],
    set: (objects) => {
      const stored = objects.map(({ manager = 'sluice', ...policy }, n) => {
        const managedFields = [{ manager, operation: 'Apply' }];
        return { ...policy, metadata: { ...policy.metadata, uid: `uid-${n}`, resourceVersion: '1', managedFields } };
      });
      writeFileSync(at('objects.json'), JSON.stringify(stored));
      writeFileSync(at('calls.jsonl'), '');
    },
    failAt: (failAt) => mode({ failAt }),
    swapAt: (swapAt, when) => mode({ swapAt, when }),
  };
}
