import { AppError } from '../domain/errors.js';
import type { MessageType } from '../protocol/message.js';
import { readElement, splitPush } from '../protocol/push-body.js';
import type { AppendResult, NewMessage } from '../store/journal.js';
import type { QuarantineReader, QuarantineWriter } from '../store/quarantine.js';
import { toMessage } from './sort-push.js';

/**
 * Sorts a quarantined item again, perhaps with a corrected body, and takes it out of quarantine if all of
 * it is a message now. Nothing changes otherwise.
 * @throws AppError `quarantine-item-unknown`, or `quarantine-still-unreadable` which names what is wrong and where.
 */
export async function retryQuarantined(
  { quarantine, quarantineWriter }: { quarantine: QuarantineReader; quarantineWriter: QuarantineWriter },
  id: string,
  corrected?: Uint8Array,
): Promise<AppendResult> {
  const found = await quarantine.get(id);
  if (!found) throw notFound(id);
  const messages = readMessages(corrected ?? found.body, found.item, found.pathType);
  const result = await quarantineWriter.resolve(id, messages);
  if (!result) throw notFound(id);
  return result;
}

function readMessages(
  body: Uint8Array,
  origin: { receivedAt: number; source: string },
  pathType: MessageType | undefined,
): NewMessage[] {
  const split = splitPush(body);
  if ('unreadable' in split) throw stillUnreadable(`The body is no message: ${split.unreadable}.`);
  if (split.elements.length === 0) throw stillUnreadable('The body holds no message.');
  return split.elements.map((text, index) => {
    const element = readElement(text, pathType);
    if (element.kind === 'message') return toMessage(element, text, origin);
    throw stillUnreadable(`Element ${index} is no message: ${element.reason}.`);
  });
}

function stillUnreadable(detail: string): AppError {
  return new AppError('quarantine-still-unreadable', detail);
}

function notFound(id: string): AppError {
  return new AppError('quarantine-item-unknown', `There is no quarantine item ${id}.`);
}
