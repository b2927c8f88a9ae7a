import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { AuditedAct, Auditor } from '../access/auditor.js';
import type { AuditNote } from './api.js';

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
