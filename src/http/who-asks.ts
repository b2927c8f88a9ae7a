import type { FastifyRequest } from 'fastify';
import type { OpenedSession, SessionDesk } from '../access/session-desk.js';
import { type Actor, rightsOf } from '../domain/rights.js';
import { AppError } from '../domain/errors.js';
import type { Account } from '../store/accounts.js';
import type { WhoAsks } from './guard.js';
import type { FindKeyHolder } from './key-holders.js';
import { demandCsrfToken, demandOwnPage, isSafe } from './own-page.js';
import type { SessionCookie } from './session-cookie.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Of a browser that is signed in; absent for keys, and on open routes. */
    session?: OpenedSession;
  }
}

export interface WhoAsksDeps {
  readonly findKeyHolder: FindKeyHolder;
  readonly sessionDesk: Pick<SessionDesk, 'find'>;
  readonly sessionCookie: Pick<SessionCookie, 'read'>;
  readonly publicUrl: () => string;
}

/** By a key or by a session's cookie; a key goes before. A change by cookie must be one that a page of ours asked for. */
export function createWhoAsks(deps: WhoAsksDeps): WhoAsks {
  const { findKeyHolder, sessionDesk, sessionCookie, publicUrl } = deps;
  return async (request: FastifyRequest): Promise<Actor> => {
    const { authorization, cookie } = request.headers;
    if (authorization !== undefined) return findKeyHolder(authorization);
    const token = sessionCookie.read(cookie);
    if (token === undefined) {
      throw new AppError(
        'key-required',
        'Nobody is signed in, and the request carries no "Authorization: Bearer KEY".',
      );
    }
    const found = await sessionDesk.find(token);
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
