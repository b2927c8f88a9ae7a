import { Type, type Static } from 'typebox';
import { Instant } from './instant.js';

const ProcessInbox = Type.Object({
  goesTo: Type.Union([Type.Literal('database'), Type.Literal('local')], {
    description: 'Where pushes go now: into the database, or into the local inbox in the data folder first.',
  }),
  pending: Type.Integer({ description: 'Pushes in the local inbox that wait for the database.' }),
  bytes: Type.Integer({ description: 'What they take of the disk.' }),
  oldestAt: Type.Optional(Instant('Receipt of the oldest of them.')),
});

const Process = Type.Object(
  {
    id: Type.String({ description: 'Made anew by each start.' }),
    host: Type.String(),
    pid: Type.Integer(),
    roles: Type.Array(Type.String(), { description: 'The parts that it runs.' }),
    version: Type.String(),
    startedAt: Instant('When it started.'),
    seenAt: Instant('When it last told of itself; one that has not for 15 seconds is gone.'),
    inbox: Type.Optional(ProcessInbox),
    duties: Type.Array(Type.String(), {
      description: 'Of sort, project, clean and analyse, those that it does for all.',
    }),
    endpoints: Type.Optional(Type.Integer({ description: 'How many endpoints it serves.' })),
  },
  { title: 'Process', description: 'One of the processes that work on the store.' },
);

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
      pending: Type.Integer({
        description: 'Pushes received and not yet sorted, those in local inboxes of any process among them.',
      }),
      oldestAt: Type.Optional(Instant('Receipt of the oldest of them.')),
    }),
    journal: Type.Object({ lastSeq: Type.Integer() }),
    consumers: Type.Array(
      Type.Object({
        name: Type.String(),
        cursor: Type.Integer(),
        lag: Type.Integer({ description: 'What it has still to read.' }),
        oldestAt: Type.Optional(Instant('Receipt of the first of it.')),
      }),
    ),
    endpoints: Type.Array(
      Type.Object({
        id: Type.String(),
        name: Type.String(),
        state: Type.Union([Type.Literal('active'), Type.Literal('paused'), Type.Literal('failing')]),
        lag: Type.Integer({ description: 'Entries of the journal that it has still to read.' }),
        pending: Type.Integer({ description: 'Deliveries on their way.' }),
        dead: Type.Integer({
          description:
            'Deliveries whose schedule is exhausted and that nobody replayed or acknowledged since; counted up to 100,000.',
        }),
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
      deleted: Type.Optional(Type.Integer()),
      madeUp: Type.Integer({
        description: 'Of samples and demo data: in none of the other counts.',
      }),
      acknowledged: Type.Integer({
        description: 'Lost ones whose loss somebody has acknowledged: not among `lost`.',
      }),
    }),
    nextDeadlineAt: Type.Optional(Instant('The earliest deadline of a pending recording.')),
    quarantine: Type.Integer({ description: 'Items in quarantine.' }),
    readiness: Type.Object({
      ready: Type.Boolean({
        description:
          'Whether the process that answers can do its part, as /readyz says it: store a push, where it takes them.',
      }),
      reason: Type.Optional(Type.String({ description: 'Why not, in a sentence.' })),
    }),
    store: Type.Object({
      kind: Type.Union([Type.Literal('embedded'), Type.Literal('postgres')]),
      state: Type.Union([Type.Literal('reachable'), Type.Literal('unreachable')], {
        description:
          'As the process that answers finds it. While it is unreachable, everything that the store knows is told as it was last.',
      }),
      since: Instant('When that began.'),
    }),
    processes: Type.Array(Process, {
      description: 'Those that work on the store, the one that answers first.',
    }),
    storage: Type.Object({
      freeBytes: Type.Optional(Type.Integer({ description: 'Where the storage can tell.' })),
      reservedBytes: Type.Optional(
        Type.Integer({ description: 'Of these, what is kept for pushes: archiving stops before.' }),
      ),
      isFull: Type.Optional(
        Type.Boolean({
          description:
            'There is no space for recordings: they wait, and pushes are taken. Of a bucket the process that archives knows.',
        }),
      ),
    }),
  },
  { title: 'Status', description: 'How it goes.' },
);
export type Status = Static<typeof Status>;

export const Health = Type.Object(
  {
    status: Type.String(),
    inbox: Type.Optional(
      Type.Literal('spooling', {
        description:
          'Pushes go to the local inbox in the data folder, and on to the database when it takes them.',
      }),
    ),
    storage: Type.Optional(
      Type.Literal('full', { description: 'Recordings wait for space; pushes are taken.' }),
    ),
    clock: Type.Optional(
      Type.Literal('off', {
        description: "This machine's clock and the database's are more than two seconds apart.",
      }),
    ),
  },
  { title: 'Health' },
);
export type Health = Static<typeof Health>;
