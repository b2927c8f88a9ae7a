import { Type, type Static } from 'typebox';
import { actorKinds } from './audit.js';
import { Instant } from './instant.js';

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
