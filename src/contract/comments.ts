import { Type, type Static } from 'typebox';
import { Instant } from './instant.js';

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
