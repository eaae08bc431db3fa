import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Stored } from './stand-in-kubectl.js';

/** As much of an API server as the real kubectl needs to list, apply and delete NetworkPolicies: no defaults, no validation, no conflicts. */
export interface StandInCluster {
  readonly url: string;
  readonly objects: Map<string, Stored>;
  /** Method and address of each write, and its body. */
  readonly writes: { what: string; body: any }[];
  close(): Promise<void>;
}

const GROUP = 'networking.k8s.io';
const VERSION = { groupVersion: `${GROUP}/v1`, version: 'v1' };
const VERBS = ['create', 'delete', 'get', 'list', 'patch', 'update'];
const RESOURCE = {
  name: 'networkpolicies',
  singularName: 'networkpolicy',
  namespaced: true,
  kind: 'NetworkPolicy',
  verbs: VERBS,
};
const DISCOVERY: Readonly<Record<string, object>> = {
  '/api': { kind: 'APIVersions', versions: ['v1'] },
  '/api/v1': { kind: 'APIResourceList', groupVersion: 'v1', resources: [] },
  '/apis': {
    kind: 'APIGroupList',
    apiVersion: 'v1',
    groups: [{ name: GROUP, versions: [VERSION], preferredVersion: VERSION }],
  },
  [`/apis/${GROUP}/v1`]: {
    kind: 'APIResourceList',
    apiVersion: 'v1',
    groupVersion: VERSION.groupVersion,
    resources: [RESOURCE],
  },
  '/openapi/v3': { paths: { [`apis/${GROUP}/v1`]: { serverRelativeURL: `/openapi/v3/apis/${GROUP}/v1?hash=1` } } },
  [`/openapi/v3/apis/${GROUP}/v1`]: {
    openapi: '3.0.0',
    info: { title: 'stand-in', version: '1' },
    paths: {
      [`/apis/${GROUP}/v1/namespaces/{namespace}/networkpolicies/{name}`]: {
        patch: {
          parameters: [{ name: 'fieldValidation', in: 'query' }],
          'x-kubernetes-group-version-kind': { group: GROUP, version: 'v1', kind: 'NetworkPolicy' },
        },
      },
    },
  },
};

export async function startCluster(): Promise<StandInCluster> {
  const server = createServer((request, response) => void answer(cluster, request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const cluster: StandInCluster = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    objects: new Map(),
    writes: [],
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return cluster;
}

let count = 0;

async function answer(
  { objects, writes }: StandInCluster,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const text = Buffer.concat(await request.toArray()).toString('utf8');
  const { pathname, searchParams } = new URL(request.url ?? '', 'http://cluster');
  const send = (value: object, status = 200) =>
    void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
  const fail = (code: number, reason: string) =>
    send({ kind: 'Status', apiVersion: 'v1', status: 'Failure', reason, message: reason, code }, code);
  if (DISCOVERY[pathname] !== undefined) return send(DISCOVERY[pathname]);
  if (pathname === `/apis/${GROUP}/v1/networkpolicies`)
    return send({
      kind: 'NetworkPolicyList',
      apiVersion: `${GROUP}/v1`,
      metadata: { resourceVersion: '1' },
      items: [...objects.values()],
    });
  const [, key = ''] = /\/namespaces\/([^/]+\/networkpolicies\/[^/]+)$/.exec(pathname) ?? [];
  const there = objects.get(key);
  if (request.method === 'GET') return there === undefined ? fail(404, 'NotFound') : send(there);
  const body = JSON.parse(text);
  writes.push({ what: `${request.method} ${request.url}`, body });
  if (request.method === 'DELETE') {
    const { uid, resourceVersion } = body.preconditions ?? {};
    if (there?.metadata.uid !== uid || there?.metadata.resourceVersion !== resourceVersion)
      return fail(409, 'Conflict');
    objects.delete(key);
    return send({ kind: 'Status', apiVersion: 'v1', status: 'Success' });
  }
  const managedFields = [
    {
      manager: searchParams.get('fieldManager') ?? '',
      operation: 'Apply',
      apiVersion: `${GROUP}/v1`,
      fieldsType: 'FieldsV1',
      fieldsV1: {},
    },
  ];
  count += 1;
  const metadata = {
    ...body.metadata,
    uid: there?.metadata.uid ?? `uid-${count}`,
    resourceVersion: String(count),
    managedFields,
  };
  objects.set(key, { ...body, metadata });
  return send({ ...body, metadata });
}
