import type { HTTPMethods, RouteOptions } from 'fastify';
import { AppError } from '../domain/errors.js';
import type { Api } from './api.js';

const methods: readonly HTTPMethods[] = ['DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT', 'TRACE'];

/**
 * Watches which routes are added, and returns a function that gives each of their addresses an answer to all
 * other methods: 405 with `Allow`. Without it an address with the wrong method would look like none.
 */
export function watchMethods(api: Api): () => void {
  const byUrl = new Map<string, { allowed: Set<string>; isOpen: boolean }>();
  api.addHook('onRoute', (route: RouteOptions) => {
    const found = byUrl.get(route.url) ?? { allowed: new Set(), isOpen: route.config?.right === 'open' };
    for (const method of [route.method].flat()) found.allowed.add(method);
    byUrl.set(route.url, found);
  });

  return () => {
    for (const [url, { allowed, isOpen }] of [...byUrl]) {
      const allow = [...allowed].sort().join(', ');
      api.route({
        method: methods.filter((method) => !allowed.has(method)),
        url,
        config: { right: isOpen ? 'open' : 'any' },
        schema: { hide: true },
        // Before the body is read: a wrong method is refused whatever comes with it.
        onRequest: async (request, reply) => {
          reply.header('allow', allow);
          throw new AppError('method-not-allowed', `${request.method} is not possible here; ${allow} is.`);
        },
        handler: () => undefined,
      });
    }
  };
}

/** Whether an address that no route has lies where nothing is told without a key. */
export function isGuarded(url: string): boolean {
  const path = (url.split('?', 1)[0] ?? '').replace(/%[0-9a-f]{2}/gi, (escape) =>
    String.fromCharCode(Number.parseInt(escape.slice(1), 16)),
  );
  return /^\/+(api|metrics)(\/|$)/i.test(path);
}
