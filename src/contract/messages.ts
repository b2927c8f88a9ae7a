import { Type, type Static } from 'typebox';
import { messageTypes } from '../protocol/message.js';
import { Instant } from './instant.js';
import { LimitParameter, parametersOf } from './page.js';

const entryTypes = [
  ...messageTypes,
  'recording.archived',
  'recording.lost',
  'source.erased',
  'recording.described',
] as const;

export const Entry = Type.Object(
  {
    seq: Type.Integer({ description: 'Place in the journal; grows, never changes.' }),
    type: Type.Enum(entryTypes, { type: 'string' }),
    callId: Type.String(),
    receivedAt: Instant('When the push came in, or the event happened.'),
    source: Type.String(),
    message: Type.Unknown({
      description:
        'The element as received, every field and digit of it: numbers may exceed what a double holds. Of an event: recordingId and what happened.',
    }),
  },
  { title: 'Entry', description: 'One line of the journal.' },
);
export type Entry = Static<typeof Entry>;

export const FeedParameters = parametersOf({
  after: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: Number.MAX_SAFE_INTEGER,
      default: 0,
      description: 'Entries behind this `seq`; 0 is the beginning.',
    }),
  ),
  limit: LimitParameter,
  types: Type.Optional(
    Type.String({
      description: `Comma-separated, of: ${entryTypes.join(', ')}. Without it every message type and no event.`,
    }),
  ),
  wait: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: 60,
      default: 0,
      description: 'Seconds to wait for an entry where there is none.',
    }),
  ),
});
export type FeedParameters = Static<typeof FeedParameters>;

export const FeedPage = Type.Object(
  {
    items: Type.Array(Entry),
    nextAfter: Type.Integer({ description: 'Pass it as `after` for what comes next; the same at the end.' }),
  },
  { title: 'FeedPage' },
);
export type FeedPage = Static<typeof FeedPage>;
