import { Type, type Static } from 'typebox';
import { Instant } from './instant.js';
import { RightWord } from './session.js';

export const ApiKey = Type.Object(
  {
    id: Type.String(),
    name: Type.String(),
    scopes: Type.Array(RightWord),
    createdAt: Instant('When it was made.'),
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
  },
  { title: 'ApiKeyCreation', additionalProperties: false },
);
export type ApiKeyCreation = Static<typeof ApiKeyCreation>;

export const NewApiKey = Type.Object(
  { ...ApiKey.properties, key: Type.String({ description: 'Shown now and never again.' }) },
  { title: 'NewApiKey' },
);
export type NewApiKey = Static<typeof NewApiKey>;
