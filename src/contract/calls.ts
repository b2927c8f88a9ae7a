import { Type, type Static } from 'typebox';
import { callFlags } from '../domain/flags.js';
import { Instant } from './instant.js';
import { Entry } from './messages.js';
import { NextCursor, pageParameters, parametersOf } from './page.js';
import { FlagOfRecording, Recording, StateOfRecording } from './recordings.js';
import { TagName } from './reviews.js';
import { actorKinds } from '../domain/rights.js';

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
  flags: Type.Array(Type.Enum(callFlags, { type: 'string' }), {
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

const { limit: _limit, cursor: _cursor, ...filters } = CallParameters.properties;

/** What narrows a search for calls, whatever page is looked at. */
export const callFilters = filters;

export const CallCountParameters = parametersOf(filters);
export type CallCountParameters = Static<typeof CallCountParameters>;

export const CallCount = Type.Object(
  {
    calls: Type.Integer({ description: 'Counted up to 10,000.' }),
    isMore: Type.Boolean({ description: 'There are more than were counted.' }),
  },
  { title: 'CallCount', description: 'How many calls a search would find.' },
);
export type CallCount = Static<typeof CallCount>;

export const CallHistory = Type.Object(
  {
    items: Type.Array(
      Type.Object({
        at: Instant('When it was done.'),
        action: Type.String({ description: 'A word of docs/audit.md.' }),
        actor: Type.String({ description: 'The name of who did it.' }),
        actorKind: Type.Enum(actorKinds, { type: 'string' }),
        recordingId: Type.Optional(Type.String()),
        seconds: Type.Optional(Type.Number({ description: 'How much of it was heard, of a listen.' })),
      }),
      { description: 'Newest first, 200 at most.' },
    ),
  },
  { title: 'CallHistory', description: 'Who looked at a call, heard or took its recordings, or changed it.' },
);
export type CallHistory = Static<typeof CallHistory>;

const Hearing = Type.Object(
  {
    from: Type.Number({
      minimum: 0,
      description: 'Seconds from the start: where the stretch that was heard begins.',
    }),
    to: Type.Number({ minimum: 0 }),
    rate: Type.Optional(Type.Number({ minimum: 0.25, maximum: 4, description: 'How fast.' })),
  },
  {
    title: 'Hearing',
    description: 'A stretch of a recording that was played to its end, told by the player.',
  },
);
export const HearingReport = Type.Object(
  {
    listenId: Type.String({
      maxLength: 100,
      description: 'Chosen by the player, one for each time it is opened.',
    }),
    stretches: Type.Array(Hearing, { maxItems: 200 }),
  },
  { title: 'HearingReport', additionalProperties: false },
);
export type HearingReport = Static<typeof HearingReport>;
