import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Clock } from '../domain/clock.js';
import { AppError } from '../domain/errors.js';
import type { MessageType } from '../protocol/message.js';
import { splitPush } from '../protocol/push-body.js';
import type { AppendResult, NewMessage } from '../store/journal.js';
import type { Publishing } from '../store/publishing.js';
import { readMessage, toNewMessage, toSentence } from './read-message.js';

export interface PublishMessagesDeps {
  readonly publishing: Pick<Publishing, 'publish'>;
  readonly clock: Clock;
  /** There is more in the journal. */
  readonly onPublished: (result: AppendResult) => void;
}

export interface PublishedMessage {
  readonly seq: number;
  readonly type: MessageType;
  readonly callId: string;
  /** False where the journal had the same message already; `seq` is that one's then. */
  readonly isNew: boolean;
}

/** Characters read between two turns of the event loop, which acknowledges pushes meanwhile. */
const charactersInATurn = 256 * 1024;
/** Bounds of one transaction, as the sorter has them: a large request must not hold up everybody who writes. */
const maxMessages = 5_000;
const maxCharacters = 8 * 1024 * 1024;

/**
 * Journals the messages of a body in the form of a push: an array, or one bare object. One that is no message
 * refuses all of them, and nothing is journaled. A large body takes several transactions; should one of them fail,
 * the whole may be sent again: what is journaled is a duplicate then.
 * @throws AppError `body-invalid` or `message-invalid`, which names the first bad one by its index.
 */
export async function publishMessages(
  body: Uint8Array,
  { publishing, clock, onPublished }: PublishMessagesDeps,
): Promise<PublishedMessage[]> {
  const messages = await readMessages(body, clock());
  const published: PublishedMessage[] = [];
  for (const batch of inBatches(messages)) {
    const results = await publishing.publish(batch);
    let appended = 0;
    for (const [index, { seq, isNew }] of results.entries()) {
      const { type, callId } = batch[index]!;
      published.push({ seq, type, callId, isNew });
      if (isNew) appended++;
    }
    onPublished({ appended, duplicates: batch.length - appended, quarantined: 0 });
  }
  return published;
}

async function readMessages(body: Uint8Array, receivedAt: number): Promise<NewMessage[]> {
  const split = body.byteLength === 0 ? { unreadable: 'not-json' as const } : splitPush(body);
  if ('unreadable' in split) throw new AppError('body-invalid', `The body ${toSentence(split.unreadable)}.`);
  const messages: NewMessage[] = [];
  let characters = 0;
  for (const [index, text] of split.elements.entries()) {
    const message = readMessage(text);
    if (typeof message === 'string') {
      throw new AppError(
        'message-invalid',
        `Message ${index} ${toSentence(message)}; nothing was published.`,
      );
    }
    messages.push(toNewMessage(message, receivedAt));
    characters += text.length;
    if (characters < charactersInATurn) continue;
    characters = 0;
    await nextTurn();
  }
  return messages;
}

function* inBatches(messages: readonly NewMessage[]): Generator<NewMessage[]> {
  let batch: NewMessage[] = [];
  let characters = 0;
  for (const message of messages) {
    batch.push(message);
    characters += message.text.length;
    if (batch.length < maxMessages && characters < maxCharacters) continue;
    yield batch;
    batch = [];
    characters = 0;
  }
  if (batch.length > 0) yield batch;
}
