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
    endpoints: Type.Array(
      Type.Object({
        id: Type.String(),
        name: Type.String(),
        state: Type.Union([Type.Literal('active'), Type.Literal('paused'), Type.Literal('failing')]),
        lag: Type.Integer({ description: 'Entries of the journal that it has still to read.' }),
        pending: Type.Integer({ description: 'Deliveries on their way.' }),
        dead: Type.Integer({ description: 'Deliveries whose schedule is exhausted.' }),
        successRate: Type.Optional(
          Type.Number({ description: 'Of its latest 100 attempts of this process, from 0 to 1.' }),
        ),
        nextAttemptAt: Type.Optional(Instant('The earliest attempt of a delivery on its way.')),
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
