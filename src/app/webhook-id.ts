import { randomBytes } from 'node:crypto';

/** A new `webhook-id`: 128 random bits, in letters that every log and shell takes as one word. */
export function makeWebhookId(): string {
  return `msg_${randomBytes(16).toString('hex')}`;
}
