import type { FastifyInstance } from 'fastify';
import type { Auditor } from '../access/auditor.js';
import { RefusalTally } from '../access/refusal-tally.js';
import type { Clock } from '../domain/clock.js';
import { refusalOf } from './problem.js';

const told = new Set([401, 403, 429]);
/** Have a record of their own, `session.refused`, or are half of a sign-in. */
const toldAlready = new Set<string>([
  ...['sign-in-refused', 'account-disabled', 'code-wrong', 'code-required', 'passkey-refused'],
]);
const lookEveryMs = 60_000;

/** Tells the audit log who was turned away: not known, not allowed, or too often. */
export function tellRefusals(
  app: FastifyInstance,
  { auditor, clock }: { readonly auditor: Pick<Auditor, 'record'>; readonly clock: Clock },
): void {
  const tally = new RefusalTally(auditor, clock);
  const looking = setInterval(() => {
    tally.tell();
  }, lookEveryMs).unref();
  app.addHook('onClose', () => {
    clearInterval(looking);
    tally.tell(true);
  });
  app.addHook('onResponse', async (request, reply) => {
    const code = refusalOf(request);
    if (code === undefined || toldAlready.has(code) || !told.has(reply.statusCode)) return;
    const route = request.routeOptions.url ?? 'unmatched';
    tally.add({ actor: request.actor, address: request.ip, code, method: request.method, route });
  });
}
