import { Type, type Static } from 'typebox';
import { Instant } from './instant.js';
import { NextCursor, pageParameters, parametersOf } from './page.js';

const item = {
  id: Type.String(),
  receivedAt: Instant('When the push came in.'),
  source: Type.String(),
  reason: Type.String({ description: 'docs/errors.md, “Quarantine reasons”.' }),
  bytes: Type.Integer(),
  preview: Type.String({ description: 'The first 200 characters, as text.' }),
};

export const QuarantineItem = Type.Object(item, {
  title: 'QuarantineItem',
  description: 'Received, and not readable as a message.',
});
export type QuarantineItem = Static<typeof QuarantineItem>;

export const QuarantineDetail = Type.Object(
  {
    ...item,
    body: Type.String({
      contentEncoding: 'base64',
      description: 'A whole body: its exact bytes. An item of one: its JSON text.',
    }),
  },
  { title: 'QuarantineDetail', description: 'One item with what was received.' },
);
export type QuarantineDetail = Static<typeof QuarantineDetail>;

const offsetRequired = 'ISO 8601 with an offset.';
const filter = {
  reason: Type.Optional(Type.String({ description: 'docs/errors.md, “Quarantine reasons”.' })),
  source: Type.Optional(Type.String({ description: 'Name of the source.' })),
  from: Type.Optional(Type.String({ description: `Receipt, inclusive. ${offsetRequired}` })),
  to: Type.Optional(Type.String({ description: `Receipt, exclusive. ${offsetRequired}` })),
};

export const QuarantineParameters = parametersOf({ ...filter, ...pageParameters });
export type QuarantineParameters = Static<typeof QuarantineParameters>;

export const QuarantinePage = Type.Object(
  { items: Type.Array(QuarantineItem), nextCursor: NextCursor },
  { title: 'QuarantinePage', description: 'Newest first.' },
);
export type QuarantinePage = Static<typeof QuarantinePage>;

export const QuarantineCorrection = Type.Object(
  {
    body: Type.String({
      contentEncoding: 'base64',
      description: 'What the item should have been; sorted in place of what was received.',
    }),
  },
  { title: 'QuarantineCorrection' },
);
export type QuarantineCorrection = Static<typeof QuarantineCorrection>;

export const QuarantineRetry = Type.Object(
  {
    messages: Type.Integer({ description: 'New messages in the journal.' }),
    duplicates: Type.Integer({ description: 'Messages that the journal had already.' }),
  },
  { title: 'QuarantineRetry', description: 'What an item became as it left quarantine.' },
);
export type QuarantineRetry = Static<typeof QuarantineRetry>;

export const QuarantineKindParameters = parametersOf(filter);
export type QuarantineKindParameters = Static<typeof QuarantineKindParameters>;

export const QuarantineKindList = Type.Object(
  {
    items: Type.Array(
      Type.Object({
        source: Type.String(),
        reason: Type.String(),
        count: Type.Integer({ description: 'Items.' }),
        bytes: Type.Integer({ description: 'Of what was received.' }),
      }),
    ),
  },
  {
    title: 'QuarantineKindList',
    description: 'How much there is of each source and reason, the most first.',
  },
);
export type QuarantineKindList = Static<typeof QuarantineKindList>;

export const QuarantineChoice = Type.Object(
  {
    ...filter,
    all: Type.Optional(Type.Literal(true, { description: 'Everything: in place of any other member.' })),
  },
  {
    title: 'QuarantineChoice',
    description: 'Which items. One member at least: an empty choice would be everything by mistake.',
    additionalProperties: false,
  },
);
export type QuarantineChoice = Static<typeof QuarantineChoice>;

export const QuarantineDiscarded = Type.Object(
  {
    items: Type.Integer({ description: 'Deleted for good.' }),
    bytes: Type.Integer(),
    hasMore: Type.Boolean({ description: 'There are more: ask again.' }),
  },
  { title: 'QuarantineDiscarded' },
);
export type QuarantineDiscarded = Static<typeof QuarantineDiscarded>;

export const QuarantineRetryChoice = Type.Object(
  {
    ...QuarantineChoice.properties,
    cursor: Type.Optional(Type.String({ description: '`nextCursor` of the answer before.' })),
  },
  {
    title: 'QuarantineRetryChoice',
    description: 'Which items. One member at least, beside the cursor.',
    additionalProperties: false,
  },
);
export type QuarantineRetryChoice = Static<typeof QuarantineRetryChoice>;

export const QuarantineRetriedMany = Type.Object(
  {
    items: Type.Integer({ description: 'That left quarantine.' }),
    messages: Type.Integer({ description: 'New messages in the journal.' }),
    duplicates: Type.Integer({ description: 'Messages that the journal had already.' }),
    unreadable: Type.Integer({ description: 'Items that are still no message, and stay.' }),
    nextCursor: NextCursor,
  },
  { title: 'QuarantineRetriedMany', description: 'What some of the items became; the newest first.' },
);
export type QuarantineRetriedMany = Static<typeof QuarantineRetriedMany>;
