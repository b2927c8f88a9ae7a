import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type {
  FastifyBaseLogger,
  FastifyInstance,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
} from 'fastify';
import type { TNull, TSchema } from 'typebox';
import type { Actor, Right } from '../domain/rights.js';
import type { AuditAction } from '../domain/audit-actions.js';
import { problemMediaType, Problem } from '../contract/problem.js';

declare module 'fastify' {
  interface FastifyContextConfig {
    /**
     * The right that a request needs. `any`: a known actor with whatever rights; `open`: anybody at all.
     * Every route says one (rights.ts).
     */
    right?: RequiredRight;
    /**
     * Every answer that is no refusal is told in the audit log before it is sent (request-records.ts). What it was done to is
     * the word's first part and the path's `id` or `callId`, unless the route says otherwise by `noteForAudit`.
     */
    audit?: AuditAction;
    /** A session must have given its password a short while ago. */
    proof?: true;
    /** Is asked for every few seconds: measured, and left out of the log. */
    unrecorded?: boolean;
    /** Describes a body that the route reads by itself. */
    documentedBody?: TSchema;
  }

  interface FastifyRequest {
    /** Who asks; `nobody` on open routes. */
    actor: Actor;
    /** What the audit log says beside the route's word; null: nothing is written of this request. */
    noteForAudit(note: AuditNote | null): void;
  }
}

export type RequiredRight = Right | 'any' | 'open';

/** Told again, members replace those told before. */
export interface AuditNote {
  /** In place of the route's. */
  readonly action?: AuditAction;
  readonly subject?: { readonly kind: string; readonly id: string };
  /** Small JSON: what was changed, without secrets. */
  readonly detail?: Readonly<Record<string, unknown>>;
  /** Once it is durable. */
  readonly onWritten?: () => void;
}

/** What a route is added to: parameters are typed and checked by their schema. */
export type Api = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>;

export const jsonMediaType = 'application/json; charset=utf-8';

const problem = {
  description: 'What was wrong, with a stable code (docs/errors.md).',
  content: { [problemMediaType]: { schema: Problem } },
};

/**
 * The answers of a route, for its description: one schema where it goes well, a problem where not. They
 * describe only; what is sent is made member by member.
 */
export function answers(status: number, schema: TSchema): Record<string, unknown> {
  return { [status]: schema, '4XX': problem, '5XX': problem };
}

/** The same for answers that are no JSON, or have no body. */
export function otherAnswers(
  byStatus: Readonly<
    Record<number, { description: string; content: Record<string, { schema: TSchema }> } | TNull>
  >,
): Record<string, unknown> {
  return { ...byStatus, '4XX': problem, '5XX': problem };
}
