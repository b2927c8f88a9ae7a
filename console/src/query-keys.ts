/**
 * Names of what TanStack Query keeps. The first word is the kind of thing: an act invalidates
 * `[kind]`, and every list and detail of it is asked for again.
 */
export const queryKeys = {
  session: ['session'],
  /** What the server said of it since it ended; absent as long as it goes on. */
  sessionEnded: ['session-ended'],
  status: ['status'],
  overview: ['overview'],
  sources: ['sources'],
  people: ['people'],
  keys: ['keys'],
  sessions: ['sessions'],
  secondFactor: ['second-factor'],
  passkeys: ['passkeys'],
  newSecondFactor: ['new-second-factor'],
  settings: ['settings'],
  demo: ['demo'],
  audit: ['audit'],
  endpoints: ['endpoints'],
  replays: ['replays'],
  deliveries: ['deliveries'],
  recordings: ['recordings'],
  quarantine: ['quarantine'],
} as const;
