import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type {
  FastifyBaseLogger,
  FastifyInstance,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
} from 'fastify';
import type { TSchema } from 'typebox';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Answers without a key. Every other route needs one. */
    open?: boolean;
    /** Is asked for every few seconds: measured, and left out of the log. */
    unrecorded?: boolean;
    /** Describes a body that the route reads by itself. */
    documentedBody?: TSchema;
  }
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
