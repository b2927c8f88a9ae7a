import type { SimulatedCall } from '../call.js';

/** One message on its way: the JSON of one element of a push. */
export interface OutgoingMessage {
  readonly call: SimulatedCall;
  readonly kind: 'record' | 'report' | 'note';
  readonly text: string;
}

/** What one push carries over the wire. */
export interface PushBody {
  readonly messages: readonly OutgoingMessage[];
  readonly bytes: Uint8Array;
  readonly headers: Readonly<Record<string, string>>;
  /** Elements that are no message: a receiver should keep each in quarantine. */
  readonly badItems: number;
}

export const jsonHeaders = { 'content-type': 'application/json;charset=UTF-8' };

/** A push as the specification has it: a JSON array in UTF-8. */
export function plainBody(messages: readonly OutgoingMessage[]): PushBody {
  return {
    messages,
    bytes: Buffer.from(`[${messages.map(({ text }) => text).join(',')}]`),
    headers: jsonHeaders,
    badItems: 0,
  };
}
