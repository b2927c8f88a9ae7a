import { Type, type Static } from 'typebox';

/** Of every error of the API (RFC 9457). */
export const problemMediaType = 'application/problem+json';

/** What every error of the API looks like (RFC 9457), sent as `application/problem+json`. */
export const Problem = Type.Object(
  {
    type: Type.String({ description: '`urn:earshot:error:` and the code.' }),
    title: Type.String({ description: 'What went wrong, the same for every error of this code.' }),
    status: Type.Integer({ description: 'The HTTP status again.' }),
    detail: Type.String({ description: 'What was wrong with this very request.' }),
    code: Type.String({ description: 'Stable; docs/errors.md explains each.' }),
    remedy: Type.Optional(Type.String({ description: 'What to do about it.' })),
    instance: Type.Optional(Type.String({ description: 'The path that was asked for.' })),
  },
  { title: 'Problem', description: 'An error.' },
);
export type Problem = Static<typeof Problem>;
