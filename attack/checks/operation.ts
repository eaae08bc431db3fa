import { type Draw, UNKNOWN } from '../openapi/draw.js';
import type { ApiDocument, Operation, Schema, Schemas } from '../openapi/document.js';
import { violations } from '../openapi/violations.js';
import type { Reply } from '../wire/client.js';

/** What an operation's description and its reply do not agree in. */
export function objectionsToOperation(operation: Operation, draw: Draw, reply: Reply, api: ApiDocument): string[] {
  if (isElsewhere(draw)) return [];
  if (draw.method !== operation.method) return objectionsToMethod(operation, draw, reply, api);
  if (reply.status >= 500) return [];
  return [...undocumented(operation, reply, api.schemas), ...accepted(operation, draw, reply, api.schemas)];
}

/** Nothing and dots between two slashes make another path of it, which may be another operation's. */
function isElsewhere({ segments }: Draw): boolean {
  return Object.values(segments).some((text) => /^(\.|%2e)*$/i.test(text));
}

/** A path that is plain and a method that is not for it: 405, and Allow says which are. */
function objectionsToMethod({ path }: Operation, draw: Draw, { status, headers }: Reply, api: ApiDocument): string[] {
  const known = api.operations.filter((other) => other.path === path).map(({ method }) => method as string);
  const isPlain = Object.values(draw.segments).every((text) => /^[a-z0-9.-]{1,63}$/.test(text) && !/^\.*$/.test(text));
  if (known.includes(draw.method) || !isPlain || isRefusedBefore(draw, status)) return [];
  if (status !== 405) return [`${draw.method} is for none of ${known.join()} at ${path}: a ${status}, not a 405`];
  const allowed = String(headers.allow).split(', ');
  return known.filter((method) => !allowed.includes(method)).map((method) => `Allow lacks ${method}: ${headers.allow}`);
}

/** What holds for all requests is asked before any path: headers that cannot be read are a 400, an answer that cannot be as new as is demanded a 412. */
function isRefusedBefore({ headers, query }: Draw, status: number): boolean {
  const named = Object.keys(headers).some((name) => name.startsWith('Sluice-') || name === 'Idempotency-Key');
  return [400, 412].includes(status) && (named || query.some(([name]) => name === 'minRevision'));
}

/** Status, media type and body are among those that are described. */
function undocumented({ responses }: Operation, { status, headers, body }: Reply, schemas: Schemas): string[] {
  const response = responses[String(status)] ?? (status >= 400 ? responses['default'] : undefined);
  if (response === undefined) return [`a ${status} is not described (${Object.keys(responses).join(', ')})`];
  if (response.content === undefined)
    return body === '' ? [] : [`a body where none is described: ${body.slice(0, 100)}`];
  const type = (headers['content-type'] ?? '').split(';', 1)[0] ?? '';
  const media = response.content[type];
  if (media === undefined)
    return [`${type} is not described for ${status} (${Object.keys(response.content).join(', ')})`];
  if (!type.endsWith('json') || media.schema === undefined) return [];
  const value = read(body);
  if (value === UNKNOWN) return [`what came as ${type} is not JSON: ${body.slice(0, 100)}`];
  return violations(value, media.schema, schemas).map((violation) => `the reply's ${violation}`);
}

/** What was wrong, and went through all the same. */
function accepted(operation: Operation, draw: Draw, { status, body }: Reply, schemas: Schemas): string[] {
  if (status >= 400 || status === 304) return [];
  return wrongsOf(operation, draw, schemas).map(
    (wrong) => `${wrong}, and it was not refused (${status}): ${body.slice(0, 200)}`,
  );
}

function wrongsOf(operation: Operation, draw: Draw, schemas: Schemas): string[] {
  return [
    ...wrongBody(operation, draw, schemas),
    ...wrongQuery(operation, draw, schemas),
    ...noPrecondition(operation, draw),
    ...wrongAccept(operation, draw),
  ];
}

function wrongBody({ body: described }: Operation, { body }: Draw, schemas: Schemas): string[] {
  if (described === undefined) return [];
  if (body === undefined || (body.text === '' && !described.required))
    return described.required ? ['there was no body'] : [];
  const type = body.type.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  const media = described.content[type];
  if (media === undefined) return [`the body was sent as ${type}`];
  if (!type.endsWith('json') || media.schema === undefined) return [];
  const value = read(body.text.replace(/^\ufeff/, ''));
  return value === UNKNOWN ? ['the body was not JSON'] : violations(value, media.schema, schemas).slice(0, 1);
}

/** Unknown parameters, known ones that are given twice, and values that the schema does not allow. */
function wrongQuery({ parameters, access }: Operation, { query }: Draw, schemas: Schemas): string[] {
  if (access === 'open') return [];
  const known = new Map(parameters.filter((one) => one.in === 'query').map((one) => [one.name, one.schema]));
  const twice = query.filter(([name], n) => query.findIndex(([other]) => other === name) !== n);
  return [
    ...query.filter(([name]) => !known.has(name)).map(([name]) => `there is no parameter ${JSON.stringify(name)}`),
    ...twice.map(([name]) => `the parameter ${JSON.stringify(name)} was given twice`),
    ...query.flatMap(([name, text]) =>
      violations(asTyped(text, known.get(name)), known.get(name) ?? {}, schemas, `?${name}`),
    ),
  ];
}

/** A query string has texts alone: a number is one that is written as we read it. */
function asTyped(text: string, schema: Schema | undefined): unknown {
  return schema?.type === 'integer' && /^[0-9]{1,9}$/.test(text) ? Number(text) : text;
}

/** What would be lost is written over only by who says what he has seen. */
function noPrecondition({ method, parameters }: Operation, { headers }: Draw): string[] {
  const guarded = parameters.some(({ in: place, name }) => place === 'header' && name === 'If-Match');
  if (!guarded || method === 'GET' || 'If-Match' in headers || 'If-None-Match' in headers) return [];
  return ['there was neither If-Match nor If-None-Match'];
}

/** Where there is a choice, none of it for who wants nothing of it; unless the choice is made by the path. */
function wrongAccept({ path, responses }: Operation, { headers, query }: Draw): string[] {
  if (path.endsWith('.{format}')) return [];
  const types = Object.keys(responses['200']?.content ?? {});
  const asked = headers['Accept'];
  if (types.length < 2 || asked === undefined || query.some(([name]) => name === 'format')) return [];
  return ['text/html', 'application/xml', '*/*;q=0'].includes(asked) ? [`nothing but ${asked} would do`] : [];
}

function read(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return UNKNOWN;
  }
}
