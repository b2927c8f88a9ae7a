import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { nobodyActor } from '../access/auditor.js';
import type { SessionDesk } from '../access/session-desk.js';
import type { Actor } from '../domain/rights.js';
import { AppError } from '../domain/errors.js';
import { gateOf } from './request-gate.js';
import { demand, requiredOf } from './required-rights.js';

/** Resolves with whoever asks; rejects with `key-required` where that is not known. */
export type WhoAsks = (request: FastifyRequest) => Promise<Actor>;

/** Of this host alone: what else its domain has is not ours to say. */
const yearSeconds = 31_536_000;

export interface GuardDeps {
  readonly sessionDesk: Pick<SessionDesk, 'isProven'>;
  readonly publicUrl: () => string;
}

const nobody: Actor = { ...nobodyActor, rights: [] };

/** Before anything else is looked at: who asks, and whether they may. */
export function guard(app: FastifyInstance, whoAsks: WhoAsks, { sessionDesk, publicUrl }: GuardDeps): void {
  app.decorateRequest('actor', null as unknown as Actor);
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id);
    // What is JSON stays JSON, whatever a browser makes of what is in it.
    reply.header('x-content-type-options', 'nosniff');
    if (publicUrl().startsWith('https:')) reply.header('strict-transport-security', `max-age=${yearSeconds}`);
    request.actor = nobody;
    const right = requiredOf(request);
    if (right !== 'open') {
      request.actor = await identify(request, reply, whoAsks);
      demand(request.actor, right);
      demandProof(request, sessionDesk);
    }
    if (!request.is404) reply.header('cache-control', 'no-store');
  });
}

/** A browser that was left open changes nothing that outlasts it. Keys are not asked: they have shown themselves. */
function demandProof(request: FastifyRequest, sessionDesk: Pick<SessionDesk, 'isProven'>): void {
  if (request.routeOptions.config.proof === undefined || !request.session) return;
  if (sessionDesk.isProven(request.session)) return;
  throw new AppError(
    'proof-required',
    'It is more than 15 minutes ago that this browser was given the password.',
  );
}

export async function identify(
  request: FastifyRequest,
  reply: FastifyReply,
  whoAsks: WhoAsks,
): Promise<Actor> {
  try {
    const actor = await whoAsks(request);
    gateOf(request.raw.socket)?.known();
    return actor;
  } catch (error) {
    if (error instanceof AppError && error.status === 401) {
      reply.header('www-authenticate', 'Bearer realm="earshot"');
    }
    throw error;
  }
}
