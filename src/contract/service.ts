import { Type, type Static } from 'typebox';
import { Instant } from './instant.js';

export const StorageTest = Type.Object(
  {
    isFine: Type.Boolean(),
    kind: Type.Enum(['disk', 's3'], { type: 'string' }),
    place: Type.String({ description: 'Where recordings are kept, without secrets.' }),
    steps: Type.Array(
      Type.Object({
        name: Type.Enum(['write', 'read', 'range', 'delete'], { type: 'string' }),
        isFine: Type.Boolean(),
        durationMs: Type.Number(),
        detail: Type.Optional(Type.String({ description: 'What went wrong and what to do.' })),
      }),
    ),
  },
  {
    title: 'StorageTest',
    description: 'What came of writing, reading and deleting a file of the size of a part.',
  },
);
export type StorageTest = Static<typeof StorageTest>;

export const EffectiveSettings = Type.Object(
  {
    items: Type.Array(
      Type.Object({
        name: Type.String({ description: '`EARSHOT_…`' }),
        value: Type.String({ description: 'Secrets redacted.' }),
        origin: Type.String({ description: 'Where it came from: flag, environment, file, default.' }),
      }),
    ),
  },
  { title: 'EffectiveSettings' },
);
export type EffectiveSettings = Static<typeof EffectiveSettings>;

export const DemoState = Type.Object(
  {
    state: Type.Enum(['absent', 'loading', 'present', 'removing'], { type: 'string' }),
    canLoad: Type.Boolean({ description: 'Only an instance without calls of its own is filled.' }),
    calls: Type.Integer({ description: 'Loaded so far.' }),
    wanted: Type.Integer(),
    archived: Type.Integer({ description: 'Of their recordings.' }),
  },
  { title: 'DemoState', description: 'Made-up calls, pushed as a sender would.' },
);
export type DemoState = Static<typeof DemoState>;

const Sample = Type.Object({
  at: Instant('End of the stretch of time.'),
  pushes: Type.Integer(),
  messages: Type.Integer(),
  ackP50Ms: Type.Optional(Type.Number()),
  ackP99Ms: Type.Optional(Type.Number()),
});

/** What the first page shows beside Status. */
export const Overview = Type.Object(
  {
    recent: Type.Array(Sample, {
      description: 'The last hour of the process that answers, one for each 10 seconds, oldest first.',
    }),
    radar: Type.Object(
      {
        overdue: Type.Integer(),
        hours: Type.Array(Type.Integer(), { description: 'hours[0]: less than one hour left.' }),
      },
      { description: 'Pending recordings by whole hours until their link dies.' },
    ),
    storage: Type.Object({
      freeBytes: Type.Optional(Type.Integer()),
      reservedBytes: Type.Optional(Type.Integer({ description: 'Of these, what is kept for pushes.' })),
      bytesPerDay: Type.Optional(
        Type.Integer({ description: 'Archived a day, of the last seven; absent on the first day.' }),
      ),
      daysLeft: Type.Optional(Type.Number({ description: 'Until archiving stops at that pace.' })),
    }),
    archivedByHour: Type.Array(
      Type.Object({ hour: Instant('Its start.'), recordings: Type.Integer(), bytes: Type.Integer() }),
      { description: 'The last 48 hours, those without any left out.' },
    ),
    lastPushAt: Type.Optional(Instant('Of any source, to within a minute.')),
  },
  { title: 'Overview' },
);
export type Overview = Static<typeof Overview>;

export const DeliveryCauses = Type.Object(
  {
    items: Type.Array(
      Type.Object({
        endpointId: Type.String(),
        reason: Type.String({ description: 'A word of docs/errors.md, “Delivery reasons”.' }),
        deliveries: Type.Integer(),
        messages: Type.Integer(),
        newestAt: Instant('Of the newest of them.'),
        newestId: Type.String(),
      }),
    ),
    isPartial: Type.Boolean({ description: 'Only the newest 10,000 were looked at.' }),
  },
  { title: 'DeliveryCauses', description: 'Dead deliveries that nobody replayed, by endpoint and cause.' },
);
export type DeliveryCauses = Static<typeof DeliveryCauses>;

/** Names of the events of GET /api/v1/live, each with its data as JSON. */
export const liveEvents = ['status', 'calls', 'exports'] as const;
/** `calls`: there are new ones. */
export const CallsArrived = Type.Object({ lastSeq: Type.Integer() }, { title: 'CallsArrived' });
export type CallsArrived = Static<typeof CallsArrived>;

/** `exports`: some were asked for, moved on or ended. */
export const ExportsMoved = Type.Object(
  { open: Type.Integer({ description: 'How many wait or run.' }) },
  { title: 'ExportsMoved' },
);
export type ExportsMoved = Static<typeof ExportsMoved>;
