import { Type, type Static } from 'typebox';
import { accountRoles, rights } from '../domain/rights.js';
import { Instant } from './instant.js';
import { PasskeyAnswer } from './passkeys.js';
import { SecondFactorCode } from './second-factor.js';
import { minPasswordLength } from './form-values.js';

export const RightWord = Type.Enum(rights, {
  type: 'string',
  description:
    '`view`: calls and how it goes; `listen`: hear recordings; `download`: take audio and links away; `review`: comments and tags; `export`: tables; `operate`: endpoints, quarantine, retries; `administer`: people, keys, sources, the audit log.',
});
export type RightWord = Static<typeof RightWord>;

export const RoleWord = Type.Enum(accountRoles, {
  type: 'string',
  description: 'What an account may do as a rule.',
});
export type RoleWord = Static<typeof RoleWord>;

const Password = Type.String({ minLength: minPasswordLength, maxLength: 1_000 });
const AccountName = Type.String({
  minLength: 1,
  maxLength: 200,
  pattern: '^\\S(.*\\S)?$',
  description: 'What one signs in with; unique whatever its case.',
});
const DisplayName = Type.String({ minLength: 1, maxLength: 200 });

export const SessionState = Type.Object(
  {
    setupNeeded: Type.Boolean({
      description: 'There is no administrator yet: a set-up link makes one.',
    }),
    singleSignOn: Type.Optional(
      Type.Object({
        name: Type.String({ description: 'What the button says.' }),
        path: Type.String({ description: 'Where the browser goes to.' }),
      }),
    ),
    version: Type.String(),
    hasPasskeys: Type.Boolean({
      description: 'Passkeys may be used here: `EARSHOT_PUBLIC_URL` is https with a name, or localhost.',
    }),
    account: Type.Optional(
      Type.Object({
        id: Type.String(),
        name: Type.String(),
        displayName: Type.Optional(Type.String()),
        role: RoleWord,
        rights: Type.Array(RightWord),
        hasPassword: Type.Boolean(),
        hasSecondFactor: Type.Boolean(),
      }),
    ),
    csrfToken: Type.Optional(
      Type.String({ description: 'Goes back as `x-csrf-token` with every request that changes something.' }),
    ),
    expiresAt: Type.Optional(Instant('When the session ends unless it is used.')),
    provenUntil: Type.Optional(
      Instant(
        'Until then people, keys and sources are changed without the password; afterwards `proof-required`.',
      ),
    ),
  },
  { title: 'SessionState', description: 'Who is signed in with this browser. Needs no key.' },
);
export type SessionState = Static<typeof SessionState>;

export const SignIn = Type.Object(
  {
    name: Type.String({ maxLength: 200 }),
    password: Type.String({ maxLength: 1_000 }),
    code: Type.Optional(SecondFactorCode),
  },
  { title: 'SignIn', additionalProperties: false },
);
export type SignIn = Static<typeof SignIn>;

export const FirstAccount = Type.Object(
  {
    token: Type.String({ maxLength: 200, description: 'Of a set-up link; it holds for a day.' }),
    name: AccountName,
    displayName: Type.Optional(DisplayName),
    password: Password,
  },
  {
    title: 'FirstAccount',
    description: 'The administrator who is created first.',
    additionalProperties: false,
  },
);
export type FirstAccount = Static<typeof FirstAccount>;

export const PasswordChange = Type.Object(
  { current: Type.String({ maxLength: 1_000 }), password: Password },
  {
    title: 'PasswordChange',
    description: 'All other sessions of the account end.',
    additionalProperties: false,
  },
);
export type PasswordChange = Static<typeof PasswordChange>;

export const SessionProof = Type.Object(
  {
    password: Type.Optional(Type.String({ maxLength: 1_000 })),
    passkey: Type.Optional(PasskeyAnswer),
  },
  {
    title: 'SessionProof',
    description: 'One of the two.',
    additionalProperties: false,
    minProperties: 1,
    maxProperties: 1,
  },
);
export type SessionProof = Static<typeof SessionProof>;

const OpenSession = Type.Object(
  {
    id: Type.String(),
    isThis: Type.Boolean(),
    createdAt: Instant('When it was opened.'),
    lastSeenAt: Instant('When it was last used, to within a minute.'),
    address: Type.String(),
    userAgent: Type.Optional(Type.String()),
  },
  { title: 'OpenSession' },
);
export const OpenSessions = Type.Object({ items: Type.Array(OpenSession) }, { title: 'OpenSessions' });
export type OpenSessions = Static<typeof OpenSessions>;

const grants = {
  mayListen: Type.Optional(Type.Boolean({ description: 'Apart from the role; a viewer never may.' })),
  mayDownload: Type.Optional(Type.Boolean({ description: 'Apart from the role; a viewer never may.' })),
};

export const Person = Type.Object(
  {
    id: Type.String(),
    name: AccountName,
    displayName: Type.Optional(DisplayName),
    role: RoleWord,
    ...grants,
    rights: Type.Array(RightWord),
    signsInBy: Type.Array(Type.Enum(['password', 'single-sign-on'], { type: 'string' })),
    hasSecondFactor: Type.Boolean({ description: 'Signing in with the password asks for a code, too.' }),
    isDisabled: Type.Boolean(),
    createdAt: Instant('When the account was created.'),
    lastSeenAt: Type.Optional(Instant('When it was last used, to within a minute.')),
  },
  { title: 'Person', description: 'An account.' },
);
export type Person = Static<typeof Person>;

export const PersonList = Type.Object({ items: Type.Array(Person) }, { title: 'PersonList' });
export type PersonList = Static<typeof PersonList>;

export const PersonCreation = Type.Object(
  {
    name: AccountName,
    displayName: Type.Optional(DisplayName),
    role: RoleWord,
    ...grants,
    password: Password,
  },
  {
    title: 'PersonCreation',
    additionalProperties: false,
  },
);
export type PersonCreation = Static<typeof PersonCreation>;

export const PersonChange = Type.Object(
  {
    name: Type.Optional(AccountName),
    displayName: Type.Optional(Type.Union([DisplayName, Type.Null()])),
    role: Type.Optional(RoleWord),
    mayListen: Type.Optional(Type.Union([Type.Boolean(), Type.Null()])),
    mayDownload: Type.Optional(Type.Union([Type.Boolean(), Type.Null()])),
    password: Type.Optional(Password),
    isDisabled: Type.Optional(Type.Boolean()),
  },
  { title: 'PersonChange', description: 'null: as the role has it.', additionalProperties: false },
);
export type PersonChange = Static<typeof PersonChange>;
