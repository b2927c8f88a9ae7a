import { Type, type Static } from 'typebox';
import { Instant } from './instant.js';
import { maxTagLength, tagPattern } from './form-values.js';

export const Comment = Type.Object(
  {
    id: Type.String(),
    callId: Type.String(),
    recordingId: Type.Optional(Type.String()),
    atSeconds: Type.Optional(Type.Number({ description: "From the recording's start." })),
    text: Type.String(),
    author: Type.Object({ id: Type.String(), name: Type.String() }),
    createdAt: Instant('When it was written.'),
    editedAt: Type.Optional(Instant('When it was last changed.')),
  },
  {
    title: 'Comment',
    description: 'What somebody wrote about a call, perhaps at an instant of a recording.',
  },
);
export type Comment = Static<typeof Comment>;

export const CommentList = Type.Object({ items: Type.Array(Comment) }, { title: 'CommentList' });
export type CommentList = Static<typeof CommentList>;

const text = Type.String({ minLength: 1, maxLength: 10_000 });

export const CommentCreation = Type.Object(
  {
    text,
    recordingId: Type.Optional(Type.String()),
    atSeconds: Type.Optional(Type.Number({ minimum: 0 })),
  },
  { title: 'CommentCreation', additionalProperties: false },
);
export type CommentCreation = Static<typeof CommentCreation>;

export const CommentChange = Type.Object({ text }, { title: 'CommentChange', additionalProperties: false });
export type CommentChange = Static<typeof CommentChange>;

export const TagName = Type.String({
  minLength: 1,
  maxLength: maxTagLength,
  pattern: tagPattern,
});

export const CallTags = Type.Object(
  { tags: Type.Array(TagName, { description: 'By name.' }) },
  { title: 'CallTags' },
);
export type CallTags = Static<typeof CallTags>;

export const TagList = Type.Object(
  { items: Type.Array(Type.Object({ tag: TagName, calls: Type.Integer() })) },
  { title: 'TagList', description: 'Every tag in use and how many calls have it.' },
);
export type TagList = Static<typeof TagList>;

export const SavedView = Type.Object(
  {
    id: Type.String(),
    name: Type.String({ minLength: 1, maxLength: 100 }),
    isShared: Type.Boolean({ description: 'Everybody sees it; its owner changes it.' }),
    isMine: Type.Boolean(),
    ownerName: Type.String(),
    query: Type.String({
      maxLength: 4_000,
      description: "The query of the calls page's address, without `?`.",
    }),
  },
  { title: 'SavedView', description: 'Filters and columns under a name.' },
);
export type SavedView = Static<typeof SavedView>;

export const SavedViewList = Type.Object({ items: Type.Array(SavedView) }, { title: 'SavedViewList' });
export type SavedViewList = Static<typeof SavedViewList>;

const view = {
  name: SavedView.properties.name,
  query: SavedView.properties.query,
  isShared: Type.Boolean(),
};
export const SavedViewCreation = Type.Object(
  { ...view, isShared: Type.Optional(view.isShared) },
  { title: 'SavedViewCreation', additionalProperties: false },
);
export type SavedViewCreation = Static<typeof SavedViewCreation>;

export const SavedViewChange = Type.Partial(Type.Object(view), {
  title: 'SavedViewChange',
  additionalProperties: false,
});
export type SavedViewChange = Static<typeof SavedViewChange>;
