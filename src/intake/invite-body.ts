import type { IncomingMessage, ServerResponse } from 'node:http';

/**
 * Says `100 Continue` to a sender that waits for it with its body. Called once it is known that the body will be read: a
 * stranger's is not asked for. Where it is never called, the answer ends the connection, since nobody knows whether the
 * body follows.
 */
export function inviteBody(request: IncomingMessage, response: ServerResponse): void {
  const { expect } = request.headers;
  if (expect === undefined || request.httpVersion !== '1.1') return;
  if (/(?:^|\W)100-continue(?:$|\W)/i.test(expect)) response.writeContinue();
}
