import type { FastifyRequest } from 'fastify';
import type * as wire from '../contract/acknowledgements.js';
import { AcknowledgementRequest } from '../contract/acknowledgements.js';
import type { Acknowledgement } from '../store/reviews.js';
import { toInstant } from './json-values.js';
import { checkShape, readJsonObject, sentBody } from './request-body.js';

/** What the request says, in the name of who asks. Throws `body-invalid`. */
export function readAcknowledgement(
  request: Pick<FastifyRequest, 'body' | 'headers' | 'actor'>,
  now: number,
): Acknowledgement {
  const { reason } = checkShape(AcknowledgementRequest, readJsonObject(sentBody(request)), 'body-invalid');
  const { id, name } = request.actor;
  return { reason: reason.trim(), actorId: id, actorName: name, at: now };
}

/** The same things, each with what was said of it. */
export function withAcknowledgements<Shown extends { readonly id: string }>(
  shown: readonly Shown[],
  said: readonly (Acknowledgement & { readonly id: string })[],
): (Shown & { acknowledged?: wire.Acknowledgement })[] {
  const byId = new Map(said.map((each) => [each.id, each]));
  return shown.map((each) => {
    const one = byId.get(each.id);
    return one ? { ...each, acknowledged: toAcknowledgementJson(one) } : each;
  });
}

function toAcknowledgementJson({ reason, actorId, actorName, at }: Acknowledgement): wire.Acknowledgement {
  return { reason, by: { id: actorId, name: actorName }, at: toInstant(at) };
}
