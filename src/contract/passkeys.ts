import { Type, type Static } from 'typebox';
import { Instant } from './instant.js';

/** Of a browser, as `PublicKeyCredential.toJSON()` has it: too much of it is the devices' own to be told here. */
export const PasskeyAnswer = Type.Object(
  {
    id: Type.String({ minLength: 1, maxLength: 2_000, description: 'Of the passkey, base64url.' }),
    rawId: Type.String({ maxLength: 2_000 }),
    type: Type.Literal('public-key'),
    response: Type.Object({ clientDataJSON: Type.String({ maxLength: 4_000 }) }),
  },
  {
    title: 'PasskeyAnswer',
    description: 'What `navigator.credentials.create` or `.get` gave, by its `toJSON` (WebAuthn).',
  },
);
export type PasskeyAnswer = Static<typeof PasskeyAnswer>;

export const PasskeyOptions = Type.Object(
  { challenge: Type.String({ description: 'It is taken once, within five minutes.' }) },
  {
    title: 'PasskeyOptions',
    additionalProperties: true,
    description:
      '`PublicKeyCredentialCreationOptionsJSON` or `PublicKeyCredentialRequestOptionsJSON` of WebAuthn, for the browser.',
  },
);
export type PasskeyOptions = Static<typeof PasskeyOptions>;

export const Passkey = Type.Object(
  {
    id: Type.String(),
    name: Type.String(),
    createdAt: Instant('When it was made.'),
    lastUsedAt: Type.Optional(Instant('When it was last signed in with.')),
  },
  { title: 'Passkey' },
);
export type Passkey = Static<typeof Passkey>;

export const PasskeyList = Type.Object(
  {
    items: Type.Array(Passkey),
    unavailable: Type.Optional(
      Type.Enum(['public-url-missing', 'public-url-unfit'], {
        type: 'string',
        description: 'Why none can be made or used here: of `EARSHOT_PUBLIC_URL`.',
      }),
    ),
  },
  { title: 'PasskeyList' },
);
export type PasskeyList = Static<typeof PasskeyList>;

export const PasskeyCreation = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 100, description: 'By which its owner knows it.' }),
    passkey: PasskeyAnswer,
  },
  { title: 'PasskeyCreation', additionalProperties: false },
);
export type PasskeyCreation = Static<typeof PasskeyCreation>;

export const PasskeySignIn = Type.Object(
  { passkey: PasskeyAnswer },
  { title: 'PasskeySignIn', additionalProperties: false },
);
export type PasskeySignIn = Static<typeof PasskeySignIn>;
