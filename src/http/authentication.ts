import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type OpenedSession, type SessionService, isCsrfToken } from '../access/session-service.js';
import { type Actor, rightsOf } from '../domain/rights.js';
import { AppError } from '../domain/errors.js';
import type { Account } from '../store/accounts.js';
import type { VerifyKey } from './key-verifier.js';
import type { SessionCookie } from './session-cookie.js';
import { nobodyActor } from '../access/auditor.js';
import { gateOf } from './request-gate.js';
import { demand, requiredOf } from './rights.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Of a browser that is signed in; absent for keys, and on open routes. */
    session?: OpenedSession;
  }
}

export interface WhoAsksDeps {
  readonly verifyKey: VerifyKey;
  readonly sessionService: Pick<SessionService, 'find'>;
  readonly sessionCookie: Pick<SessionCookie, 'read'>;
  readonly publicUrl: () => string;
}

/** By a key or by a session's cookie; a key goes before. A change by cookie must be one that a page of ours asked for. */
export function createWhoAsks(deps: WhoAsksDeps): WhoAsks {
  const { verifyKey, sessionService, sessionCookie, publicUrl } = deps;
  return async (request: FastifyRequest): Promise<Actor> => {
    const { authorization, cookie } = request.headers;
    if (authorization !== undefined) return verifyKey(authorization);
    const token = sessionCookie.read(cookie);
    if (token === undefined) {
      throw new AppError(
        'key-required',
        'Nobody is signed in, and the request carries no "Authorization: Bearer KEY".',
      );
    }
    const found = await sessionService.find(token);
    if (!found) throw new AppError('key-required', 'The session has ended. Sign in again.');
    if (!isSafe(request.method)) {
      demandOwnPage(request, publicUrl());
      demandCsrfToken(request, token);
    }
    request.session = found;
    return toActor(found.account);
  };
}

export function toActor(account: Account): Actor {
  return { kind: 'account', id: account.id, name: account.name, rights: rightsOf(account) };
}

/** Resolves with the actor of a request; rejects with `key-required` where it is not known. */
export type WhoAsks = (request: FastifyRequest) => Promise<Actor>;

/** Of this host alone: what else its domain has is not ours to say. */
const yearSeconds = 31_536_000;

export interface GuardDeps {
  readonly sessionService: Pick<SessionService, 'isProven'>;
  readonly publicUrl: () => string;
}

const nobody: Actor = { ...nobodyActor, rights: [] };

/** Before anything else is looked at: who asks, and whether they may. */
export function guard(
  app: FastifyInstance,
  whoAsks: WhoAsks,
  { sessionService, publicUrl }: GuardDeps,
): void {
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
      demandProof(request, sessionService);
    }
    if (!request.is404) reply.header('cache-control', 'no-store');
  });
}

/** A browser that was left open changes nothing that outlasts it. Keys are not asked: they have shown themselves. */
function demandProof(request: FastifyRequest, sessionService: Pick<SessionService, 'isProven'>): void {
  if (request.routeOptions.config.proof === undefined || !request.session) return;
  if (sessionService.isProven(request.session)) return;
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

/** Whether a request changes nothing by its method. */
function isSafe(method: string): boolean {
  return method === 'GET' || method === 'HEAD' || method === 'OPTIONS';
}

/**
 * A change by cookie, or a sign-in, must come from a page of ours: whatever a browser says about where a request comes
 * from must be us. What says nothing is no browser of these days; the token of `demandCsrfToken` stands behind it.
 * Throws `csrf-refused`.
 */
export function demandOwnPage({ headers }: FastifyRequest, publicUrl: string): void {
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin') throw refuse('it comes from a page of another site');
  const { origin, host } = headers;
  if (origin === undefined || origin === new URL(publicUrl).origin) return;
  // Reached by another name than the public one, a page of ours is at the very host that was asked.
  const from = URL.canParse(origin) ? new URL(origin).host : undefined;
  if (from === undefined || from !== host) throw refuse('its Origin is another');
}

/** Throws `csrf-refused`. */
function demandCsrfToken({ headers }: FastifyRequest, sessionToken: string): void {
  const given = headers['x-csrf-token'];
  if (typeof given !== 'string' || !isCsrfToken(given, sessionToken)) {
    throw refuse('it lacks the x-csrf-token of its session');
  }
}

function refuse(why: string): AppError {
  return new AppError('csrf-refused', `Nothing was changed by this request: ${why}.`);
}
