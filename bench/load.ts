import autocannon from 'autocannon';

export const CONNECTIONS = 16;
export const SECONDS = 2;

/** What is asked: a GET, of one thing or of several in turn, or a POST with one body or with a new one each time. */
export interface Target {
  readonly url: string;
  /** Instead of that of the url, one after the other. */
  readonly paths?: readonly string[];
  readonly headers: Readonly<Record<string, string>>;
  /** A header that is another one in each request. */
  readonly counted?: string;
  readonly body?: string;
  readonly bodies?: Generator<string>;
}

/** Asks as fast as it goes; gives requests a second. Refuses (throws) when a reply is an error, which is fast and proves nothing. */
export async function load(target: Target): Promise<number> {
  const result = await autocannon({ connections: CONNECTIONS, duration: SECONDS, ...optionsOf(target) });
  return checked(result, target.url);
}

/** The same data by several requests, one after the other on each connection; gives how many times a second all of it was had. */
export async function loadPairs(targets: readonly Target[]): Promise<number> {
  const requests = targets.map(({ url, headers }) => ({
    path: new URL(url).pathname + new URL(url).search,
    headers: { ...headers },
  }));
  const url = new URL(targets[0]?.url ?? '').origin;
  const result = await autocannon({ url, connections: CONNECTIONS, duration: SECONDS, requests });
  return checked(result, url) / targets.length;
}

function optionsOf({ url, paths, headers, counted, body, bodies }: Target): autocannon.Options {
  const base = { url, headers: { ...headers } };
  if (paths !== undefined) return { ...base, requests: paths.map((path) => ({ path, ...counting(headers, counted) })) };
  if (body !== undefined) return { ...base, method: 'POST', body };
  if (bodies === undefined) return base;
  const setupRequest = (request: autocannon.Request): autocannon.Request => ({
    ...request,
    body: String(bodies.next().value),
  });
  return { ...base, requests: [{ method: 'POST', setupRequest }] };
}

let count = 0;

function counting(headers: Target['headers'], counted: string | undefined): autocannon.Request {
  if (counted === undefined) return {};
  return {
    setupRequest: (request) => ({ ...request, headers: { ...headers, [counted]: String(++count) } }),
  };
}

function checked(result: autocannon.Result, url: string): number {
  const failed = result.errors + result['4xx'] + result['5xx'];
  if (failed > 0) throw new Error(`${url}: ${failed} of ${result.requests.total} requests failed`);
  return result.requests.total / result.duration;
}
