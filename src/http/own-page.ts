import type { FastifyRequest } from 'fastify';
import { isCsrfToken } from '../access/session-desk.js';
import { AppError } from '../domain/errors.js';

/** Whether a request changes nothing by its method. */
export function isSafe(method: string): boolean {
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
export function demandCsrfToken({ headers }: FastifyRequest, sessionToken: string): void {
  const given = headers['x-csrf-token'];
  if (typeof given !== 'string' || !isCsrfToken(given, sessionToken)) {
    throw refuse('it lacks the x-csrf-token of its session');
  }
}

function refuse(why: string): AppError {
  return new AppError('csrf-refused', `Nothing was changed by this request: ${why}.`);
}
