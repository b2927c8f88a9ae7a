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

export const QuarantineParameters = parametersOf(pageParameters);
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
