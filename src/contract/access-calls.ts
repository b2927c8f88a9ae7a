import type { createRequests } from './client-requests.js';
import type { ApiKeyCreation, ApiKeyList, NewApiKey } from './keys.js';
import type {
  FirstAccount,
  OpenSessions,
  PasswordChange,
  Person,
  PersonChange,
  PersonCreation,
  PersonList,
  SessionProof,
  SessionState,
  SignIn,
} from './session.js';
import type { Passkey, PasskeyCreation, PasskeyList, PasskeyOptions, PasskeySignIn } from './passkeys.js';
import type {
  NewSecondFactor,
  RecoveryCodes,
  SecondFactorChoice,
  SecondFactorState,
} from './second-factor.js';

/** The part of the client that is about people, their sessions and keys. */
export function accessCalls({ get, act, tell }: ReturnType<typeof createRequests>) {
  return {
    session: {
      get: () => get<SessionState>('session'),
      signIn: (request: SignIn) => act<SessionState>('POST', 'session', request),
      signOut: () => tell('DELETE', 'session'),
      prove: (proof: SessionProof) => act<SessionState>('POST', 'session/proof', proof),
      changePassword: (change: PasswordChange) => tell('POST', 'session/password', change),
      list: () => get<OpenSessions>('sessions'),
      secondFactor: () => get<SecondFactorState>('session/second-factor'),
      /** Is kept nowhere until it is turned on. */
      newSecondFactor: () => act<NewSecondFactor>('POST', 'session/second-factor'),
      turnSecondFactorOn: (chosen: SecondFactorChoice) =>
        act<RecoveryCodes>('PUT', 'session/second-factor', chosen),
      turnSecondFactorOff: () => tell('DELETE', 'session/second-factor'),
      passkeys: () => get<PasskeyList>('session/passkeys'),
      /** What a browser makes one by. */
      passkeyToMake: () => act<PasskeyOptions>('POST', 'session/passkeys/options'),
      addPasskey: (made: PasskeyCreation) => act<Passkey>('POST', 'session/passkeys', made),
      removePasskey: (id: string) => tell('DELETE', `session/passkeys/${encodeURIComponent(id)}`),
      /** What a browser asks one by, to sign in or for a proof. */
      passkeyToUse: () => act<PasskeyOptions>('POST', 'session/passkey/options'),
      signInByPasskey: (signed: PasskeySignIn) => act<SessionState>('POST', 'session/passkey', signed),
      /** Ends one of one's own. */
      end: (id: string) => tell('DELETE', `sessions/${encodeURIComponent(id)}`),
      /** Creates the first administrator and signs in. */
      setUp: (account: FirstAccount) => act<SessionState>('POST', 'setup', account),
    },
    people: {
      list: () => get<PersonList>('people'),
      create: (person: PersonCreation) => act<Person>('POST', 'people', person),
      change: (id: string, change: PersonChange) =>
        act<Person>('PATCH', `people/${encodeURIComponent(id)}`, change),
      remove: (id: string) => tell('DELETE', `people/${encodeURIComponent(id)}`),
      removeSecondFactor: (id: string) => tell('DELETE', `people/${encodeURIComponent(id)}/second-factor`),
      sessions: (id: string) => get<OpenSessions>(`people/${encodeURIComponent(id)}/sessions`),
      endSession: (id: string, sessionId: string) =>
        tell('DELETE', `people/${encodeURIComponent(id)}/sessions/${encodeURIComponent(sessionId)}`),
      endSessions: (id: string) => tell('DELETE', `people/${encodeURIComponent(id)}/sessions`),
    },
    keys: {
      list: () => get<ApiKeyList>('keys'),
      create: (key: ApiKeyCreation) => act<NewApiKey>('POST', 'keys', key),
      remove: (id: string) => tell('DELETE', `keys/${encodeURIComponent(id)}`),
    },
  };
}
