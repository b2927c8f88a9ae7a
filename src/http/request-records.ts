import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { AuditedAct, Auditor } from '../access/auditor.js';
import type { AuditNote } from './api.js';
import { RefusalTally } from '../access/refusal-tally.js';
import type { Clock } from '../domain/clock.js';
import { refusalOf } from './problem.js';

const notes = new WeakMap<FastifyRequest, AuditNote | null>();

/**
 * Tells the audit log of each request whose route has a word for it: once it is known that it is not refused, and
 * before a byte of the answer is sent. Where that cannot be written, the answer is 503 and the look has not happened;
 * a change is refused before it is begun (access/auditor.ts).
 */
export function auditRequests(app: FastifyInstance, auditor: Pick<Auditor, 'beReady' | 'record'>): void {
  app.decorateRequest('noteForAudit', function noteForAudit(this: FastifyRequest, note: AuditNote | null) {
    notes.set(this, note && { ...notes.get(this), ...note });
  });

  app.addHook('preHandler', async (request) => {
    const { audit } = request.routeOptions.config;
    if (audit !== undefined && !isLook(request)) await auditor.beReady();
  });

  app.addHook('onSend', async (request, reply, payload) => {
    const act = reply.statusCode < 400 ? toAct(request) : undefined;
    if (!act) return payload;
    try {
      await auditor.record(act);
      notes.get(request)?.onWritten?.();
    } catch (error) {
      if (payload instanceof Readable) payload.destroy();
      throw error;
    }
    return payload;
  });
}

function isLook({ method }: FastifyRequest): boolean {
  return method === 'GET' || method === 'HEAD';
}

function toAct(request: FastifyRequest): AuditedAct | undefined {
  const note = notes.get(request);
  const action = note?.action ?? request.routeOptions.config.audit;
  if (note === null || action === undefined) return undefined;
  const { id, callId } = request.params as { id?: string; callId?: string };
  const subjectId = id ?? callId;
  const [kind = ''] = action.split('.');
  const subject = note?.subject ?? (subjectId === undefined ? undefined : { kind, id: subjectId });
  return {
    actor: request.actor,
    action,
    ...(subject ? { subject } : {}),
    ...(note?.detail ? { detail: note.detail } : {}),
    address: request.ip,
  };
}

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
