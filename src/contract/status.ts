import { Type, type Static } from 'typebox';
import { Instant } from './instant.js';

export const Status = Type.Object(
  {
    version: Type.String(),
    instance: Type.String({ description: 'Which process answered.' }),
    startedAt: Instant('When this process started.'),
    intake: Type.Object({
      pushesPerMinute: Type.Number({ description: 'Over the last minute, of this process.' }),
      messagesPerMinute: Type.Number(),
      duplicatesPerMinute: Type.Number(),
      ackMs: Type.Object({
        p50: Type.Optional(Type.Number()),
        p99: Type.Optional(Type.Number()),
        max: Type.Optional(Type.Number()),
      }),
    }),
    inbox: Type.Object({
      pending: Type.Integer({ description: 'Pushes received and not yet sorted.' }),
      oldestAt: Type.Optional(Instant('Receipt of the oldest of them.')),
    }),
    journal: Type.Object({ lastSeq: Type.Integer() }),
    consumers: Type.Array(
      Type.Object({
        name: Type.String(),
        cursor: Type.Integer(),
        lag: Type.Integer({ description: 'What it has still to read.' }),
      }),
    ),
    recordings: Type.Object({
      pending: Type.Integer(),
      archived: Type.Integer(),
      lost: Type.Integer(),
      blocked: Type.Integer(),
    }),
    nextDeadlineAt: Type.Optional(Instant('The earliest deadline of a pending recording.')),
    quarantine: Type.Integer({ description: 'Items in quarantine.' }),
    storage: Type.Object({
      freeBytes: Type.Optional(Type.Integer({ description: 'Where the storage can tell.' })),
    }),
  },
  { title: 'Status', description: 'How it goes.' },
);
export type Status = Static<typeof Status>;

export const Health = Type.Object({ status: Type.String() }, { title: 'Health' });
export type Health = Static<typeof Health>;
