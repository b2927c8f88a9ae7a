import type { FastifyInstance } from 'fastify';

/** Longer than any id of ours; a signed link's address may be anything a stranger wrote. */
const maxIdLength = 40;

/**
 * Measures every answer and writes one record of it, at debug. The record names the route's pattern and ids,
 * never the address as it came: an address that somebody mistyped may hold a push token, and a query may
 * hold anything. Health is measured and not recorded, because it is asked for every few seconds.
 */
export function recordRequests(
  app: FastifyInstance,
  observe: (method: string, route: string, status: number, ms: number) => void,
): void {
  app.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'unmatched';
    const durationMs = Math.round(reply.elapsedTime * 100) / 100;
    const status = reply.statusCode;
    observe(request.method, route, status, durationMs);
    if (request.routeOptions.config?.unrecorded) return;
    const { id, callId } = request.params as { id?: string; callId?: string };
    const shortId = id?.slice(0, maxIdLength);
    request.log.debug({ method: request.method, route, id: shortId, callId, status, durationMs }, 'answered');
  });
}
