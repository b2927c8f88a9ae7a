import type { FastifyInstance } from 'fastify';
import type { Actor } from '../domain/rights.js';
import { hideLinksIn } from '../protocol/link-display.js';

/** Hides links in every answer that is made as an object; those made as text are hidden by their routes. */
export function hideLinksFromThose(app: FastifyInstance): void {
  app.addHook('preSerialization', async (request, _reply, payload) => {
    // Nobody has been asked for yet where the address could not even be read.
    const actor = request.actor as Actor | null;
    return actor && maySeeLinks(actor) ? payload : hideLinksIn(payload);
  });
}

export function maySeeLinks({ rights }: Pick<Actor, 'rights'>): boolean {
  return rights.includes('download');
}
