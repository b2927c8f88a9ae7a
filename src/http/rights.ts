import type { FastifyInstance, FastifyRequest, RouteOptions } from 'fastify';
import type { Actor } from '../domain/rights.js';
import { AppError } from '../domain/errors.js';
import type { Api, RequiredRight } from './api.js';
import { isGuarded } from './unmatched.js';
import { hideLinksIn } from '../protocol/link-display.js';

/** Throws while routes are added where one does not say who may ask: that it is forgotten opens nothing. */
export function demandRights(api: Api): void {
  api.addHook('onRoute', (route: RouteOptions) => {
    if (route.config?.right !== undefined) return;
    throw new Error(`${[route.method].flat().join(', ')} ${route.url} says no \`config.right\``);
  });
}

/** What a request needs. An unknown client does not learn which addresses exist under /api. */
export function requiredOf(request: FastifyRequest): RequiredRight {
  if (request.is404) return isGuarded(request.url) ? 'any' : 'open';
  // Routes that plug-ins add say no right: they are for administrators.
  return request.routeOptions.config.right ?? 'administer';
}

/** Throws `right-missing`. `why` a right is needed that is not the route's, as a sentence. */
export function demand({ rights, kind }: Actor, right: Exclude<RequiredRight, 'open'>, why?: string): void {
  if (right === 'any' || rights.includes(right)) return;
  const who = kind === 'account' ? 'This account' : 'This key';
  throw new AppError(
    'right-missing',
    [`${who} has no right to \`${right}\`.`, ...(why === undefined ? [] : [why])].join(' '),
  );
}

/** Hides links in every answer that is made as an object; those made as text are hidden by their routes. */
export function hideLinksFromThose(app: FastifyInstance): void {
  app.addHook('preSerialization', async (request, _reply, payload) => {
    // There is no actor yet where the address could not even be read.
    const actor = request.actor as Actor | null;
    return actor && maySeeLinks(actor) ? payload : hideLinksIn(payload);
  });
}

export function maySeeLinks({ rights }: Pick<Actor, 'rights'>): boolean {
  return rights.includes('download');
}
