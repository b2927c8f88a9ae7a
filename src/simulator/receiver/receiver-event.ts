import type { UnreadableElement } from '../../protocol/parse-push.js';
import type { SignatureFault } from '../../protocol/webhook-signature.js';

/** What a receiver tells of what comes. */
export type ReceiverEvent = ReceiverPush | ReceiverPushEnd | ReceiverCheck;

/** A push has arrived whole. */
export interface ReceiverPush {
  readonly kind: 'push';
  /** In the order of arrival, from 1. */
  readonly number: number;
  /** ms since the UNIX epoch. */
  readonly at: number;
  readonly bytes: number;
  readonly contentType?: string;
  readonly contentEncoding?: string;
  readonly webhookId?: string;
  /** How often this `webhook-id` has come, this time included; absent without one. 2 or more: a repetition. */
  readonly times?: number;
  readonly messages: number;
  /** Of the messages, in order. */
  readonly callIds: readonly string[];
  readonly unreadable: readonly UnreadableElement[];
  /** `not-checked` where no secret was given. */
  readonly signature: 'valid' | 'not-checked' | SignatureFault;
  /** What it will be answered with: an HTTP status, or nothing. */
  readonly answer: number | 'none';
  /** How much later on purpose. */
  readonly delayMs: number;
}

/** Push `number` is over. */
export interface ReceiverPushEnd {
  readonly kind: 'end';
  readonly number: number;
  /** `answered`; `abandoned`: the sender hung up before it had the answer. */
  readonly how: 'answered' | 'abandoned';
  readonly afterMs: number;
}

/** Somebody asked whether we are there (GET, HEAD), or sent what is no push (`405`). */
export interface ReceiverCheck {
  readonly kind: 'check';
  readonly at: number;
  readonly method: string;
  readonly status: number;
}
