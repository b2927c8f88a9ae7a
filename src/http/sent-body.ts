import type { FastifyRequest } from 'fastify';
import { AppError } from '../domain/errors.js';

/**
 * The bytes of a request's body; none where nothing was sent. Uploads are left unread for the routes that take
 * them: elsewhere one must not pass for a request without a body, which asks for something else. Throws
 * `body-invalid`.
 */
export function sentBody({ body, headers }: Pick<FastifyRequest, 'body' | 'headers'>): Buffer | undefined {
  if (Buffer.isBuffer(body)) return body;
  const announced = headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
  if (announced) throw new AppError('body-invalid', 'This address takes JSON, and no multipart/form-data.');
  return undefined;
}
