import { Type, type Static } from 'typebox';
import type { CallFlag } from '../domain/flags.js';
import { Instant } from './instant.js';
import { Entry } from './messages.js';
import { NextCursor, pageParameters, parametersOf } from './page.js';
import { FlagOfRecording, Recording, StateOfRecording } from './recordings.js';
import { TagName } from './tags.js';

const flags = [
  'time-unreadable',
  'duration-unreadable',
  'link-unusable',
  'link-respelt',
  'deadline-doubted',
] as const satisfies readonly CallFlag[];

const call = {
  callId: Type.String({ description: 'Opaque; usually two numbers joined by ^.' }),
  taskId: Type.Optional(Type.String()),
  detailId: Type.Optional(Type.String()),
  batchId: Type.Optional(Type.String()),
  outId: Type.Optional(Type.String({ description: "The caller's own id, echoed." })),
  startTime: Type.Optional(Type.String({ description: 'As received, in the time zone of the sender.' })),
  endTime: Type.Optional(Type.String({ description: 'As received, in the time zone of the sender.' })),
  startAt: Type.Optional(Instant('startTime as an instant.')),
  endAt: Type.Optional(Instant('endTime as an instant.')),
  durationSeconds: Type.Optional(Type.Number()),
  flags: Type.Array(Type.Enum(flags, { type: 'string' }), {
    description: 'What was odd about its messages; docs/errors.md, “Flags”.',
  }),
  madeUp: Type.Optional(
    Type.Enum(['sample', 'demo'], {
      type: 'string',
      description: 'No call, but the sample of the specification or demo data: counted nowhere.',
    }),
  ),
  recordings: Type.Array(Recording),
  tags: Type.Optional(Type.Array(Type.String(), { description: 'By name; absent where there are none.' })),
  at: Instant(
    'When it was: `startAt`; where there is none, when dialling began (`originateTime`), or `endAt`; else `firstReceivedAt`.',
  ),
  firstReceivedAt: Instant('Of its first message.'),
  lastReceivedAt: Instant('Of its latest message.'),
};

export const Call = Type.Object(call, { title: 'Call', description: 'All that is known of one callId.' });
export type Call = Static<typeof Call>;

export const CallDetail = Type.Object(
  { ...call, messages: Type.Array(Entry, { description: 'As received, in the order of the journal.' }) },
  { title: 'CallDetail', description: 'One call with its messages.' },
);
export type CallDetail = Static<typeof CallDetail>;

const offsetRequired = 'ISO 8601 with an offset, such as 2025-05-22T12:00:00+08:00 or …Z.';

export const CallParameters = parametersOf({
  callId: Type.Optional(Type.String()),
  taskId: Type.Optional(Type.String()),
  detailId: Type.Optional(Type.String()),
  batchId: Type.Optional(Type.String()),
  outId: Type.Optional(Type.String()),
  state: Type.Optional(StateOfRecording),
  flag: Type.Optional(FlagOfRecording),
  from: Type.Optional(
    Type.String({
      description: `On \`at\` of a call, inclusive. ${offsetRequired}`,
    }),
  ),
  to: Type.Optional(Type.String({ description: `On \`at\` of a call, exclusive. ${offsetRequired}` })),
  minDuration: Type.Optional(Type.Number({ minimum: 0, description: 'Seconds, inclusive.' })),
  maxDuration: Type.Optional(Type.Number({ minimum: 0, description: 'Seconds, inclusive.' })),
  q: Type.Optional(
    Type.String({ description: 'Any id, whole, or the half of a callId before or after its ^.' }),
  ),
  tag: Type.Optional(TagName),
  ...pageParameters,
});
export type CallParameters = Static<typeof CallParameters>;

export const CallPage = Type.Object(
  { items: Type.Array(Call), nextCursor: NextCursor },
  { title: 'CallPage', description: 'Newest first.' },
);
export type CallPage = Static<typeof CallPage>;
