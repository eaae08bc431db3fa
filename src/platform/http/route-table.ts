import type { FastifyInstance } from 'fastify';

/** Which paths there are, and by which methods: what tells a 405 from a 404. */
export class RouteTable {
  private readonly routes = new Map<string, { readonly pattern: RegExp; readonly methods: Set<string> }>();

  /** Call before any route is registered. */
  watch(fastify: FastifyInstance): void {
    fastify.addHook('onRoute', ({ url, method }) => {
      if (url.includes('*')) return;
      const known = this.routes.get(url) ?? { pattern: patternOf(url), methods: new Set<string>() };
      for (const name of [method].flat()) known.methods.add(name);
      this.routes.set(url, known);
    });
  }

  /** A slash at the end makes no difference, as for the router. */
  methodsOf(path: string): string[] {
    const bare = path.length > 1 ? path.replace(/\/$/, '') : path;
    const found = [...this.routes.values()].filter(({ pattern }) => pattern.test(bare));
    return [...new Set(found.flatMap(({ methods }) => [...methods]))].sort();
  }
}

/** `/v1/teams/:team` as a pattern of whole path segments. */
function patternOf(url: string): RegExp {
  const escaped = url.replace(/[.+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${escaped.replace(/:\w+/g, '[^/]+')}$`);
}
