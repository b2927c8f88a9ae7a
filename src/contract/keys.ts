import { Type, type Static } from 'typebox';
import { Instant } from './instant.js';
import { RightWord } from './session.js';

export const ApiKey = Type.Object(
  {
    id: Type.String(),
    name: Type.String(),
    scopes: Type.Array(RightWord),
    createdAt: Instant('When it was made.'),
    expiresAt: Type.Optional(Instant('From then on it is refused; absent: it does not end.')),
    owner: Type.Optional(
      Type.Object(
        { kind: Type.String(), id: Type.String(), name: Type.String() },
        {
          description:
            'Who made it; for a key that a key made, who made that one. Absent for keys of before.',
        },
      ),
    ),
    state: Type.Union([Type.Literal('valid'), Type.Literal('expired'), Type.Literal('orphaned')], {
      description:
        '`orphaned`: the account of its owner was removed or disabled. Only valid keys let anybody in.',
    }),
    lastUsedAt: Type.Optional(Instant('When it was last used, to within an hour.')),
  },
  { title: 'ApiKey', description: 'The key itself is shown once, when it is made.' },
);
export type ApiKey = Static<typeof ApiKey>;

export const ApiKeyList = Type.Object({ items: Type.Array(ApiKey) }, { title: 'ApiKeyList' });
export type ApiKeyList = Static<typeof ApiKeyList>;

export const ApiKeyCreation = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 200 }),
    scopes: Type.Array(RightWord, { minItems: 1, uniqueItems: true }),
    expiresInDays: Type.Optional(
      Type.Number({ minimum: 1 / 1440, maximum: 3650, description: 'Absent: it does not end.' }),
    ),
  },
  { title: 'ApiKeyCreation', additionalProperties: false },
);
export type ApiKeyCreation = Static<typeof ApiKeyCreation>;

export const NewApiKey = Type.Object(
  { ...ApiKey.properties, key: Type.String({ description: 'Shown now and never again.' }) },
  { title: 'NewApiKey' },
);
export type NewApiKey = Static<typeof NewApiKey>;
