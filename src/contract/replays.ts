import { Type, type Static } from 'typebox';
import { Instant } from './instant.js';
import { parametersOf } from './page.js';

const states = ['running', 'done', 'cancelled'] as const;
const kinds = ['dead', 'window', 'missed'] as const;
const Seq = (description: string) =>
  Type.Optional(Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER, description }));
const offsetRequired = 'ISO 8601 with an offset.';

export const ReplayRequest = Type.Object(
  {
    dead: Type.Optional(Type.Boolean({ description: 'All dead deliveries; so it is without any member.' })),
    reason: Type.Optional(
      Type.String({
        description: 'Of the dead deliveries only those that died of it: docs/errors.md, “Delivery reasons”.',
      }),
    ),
    from: Type.Optional(Type.String({ description: `A window: receipt, inclusive. ${offsetRequired}` })),
    to: Type.Optional(Type.String({ description: `Receipt, exclusive. ${offsetRequired}` })),
    afterSeq: Seq('A window by `seq`, exclusive.'),
    untilSeq: Seq('Inclusive.'),
    missed: Type.Optional(
      Type.Boolean({
        description: 'Of the window (default: everything so far) only what the endpoint never got.',
      }),
    ),
    preview: Type.Optional(Type.Boolean({ description: 'Only count; nothing is sent.' })),
  },
  {
    title: 'ReplayRequest',
    description:
      "What to send again. A window ends at the endpoint's cursor: what lies beyond is sent for the first time yet.",
    additionalProperties: false,
  },
);
export type ReplayRequest = Static<typeof ReplayRequest>;

export const ReplayPreview = Type.Object(
  {
    deliveries: Type.Optional(Type.Integer({ description: 'Where dead deliveries are sent again.' })),
    messages: Type.Integer(),
  },
  { title: 'ReplayPreview', description: 'What a replay would send.' },
);
export type ReplayPreview = Static<typeof ReplayPreview>;

export const Replay = Type.Object(
  {
    id: Type.String(),
    endpointId: Type.String(),
    kind: Type.Enum(kinds, { type: 'string' }),
    reason: Type.Optional(
      Type.String({ description: 'Of dead deliveries: only those that died of it are sent again.' }),
    ),
    afterSeq: Type.Optional(Type.Integer({ description: 'Of a window; exclusive.' })),
    untilSeq: Type.Optional(Type.Integer({ description: 'Inclusive.' })),
    state: Type.Enum(states, {
      type: 'string',
      description: '`done`: all of it is in deliveries, which have their own states.',
    }),
    total: Type.Integer({
      description: 'Progress is `done` / `total`: entries of the journal looked at, or deliveries.',
    }),
    done: Type.Integer(),
    deliveries: Type.Integer({ description: 'Made so far.' }),
    messages: Type.Integer({ description: 'In them.' }),
    createdAt: Instant('When it was asked for.'),
    endedAt: Type.Optional(Instant('When it was done or cancelled.')),
  },
  { title: 'Replay', description: 'A job that sends again.' },
);
export type Replay = Static<typeof Replay>;

export const ReplayParameters = parametersOf({ endpointId: Type.String() });
export type ReplayParameters = Static<typeof ReplayParameters>;

export const ReplayList = Type.Object(
  { items: Type.Array(Replay) },
  { title: 'ReplayList', description: 'Newest first.' },
);
export type ReplayList = Static<typeof ReplayList>;
