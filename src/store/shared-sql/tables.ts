/** What differs between the back ends in the tables that both have in the same way. */
export interface TableWords {
  readonly text: string;
  readonly integer: string;
  readonly real: string;
  readonly bytes: string;
  /** What follows the columns of a table. */
  readonly end: string;
}

/** What people say of losses and dead deliveries that cannot be mended. */
export function acknowledgementTable({ text, integer, end }: TableWords): string {
  return `
CREATE TABLE acknowledgements (
  kind ${text} NOT NULL,               -- recording or delivery
  subject ${integer} NOT NULL,         -- recordings.id or deliveries.id
  generation ${integer} NOT NULL,      -- of the recording when it was lost
  reason ${text} NOT NULL,
  actor_id ${text} NOT NULL,
  actor_name ${text} NOT NULL,
  at ${integer} NOT NULL,
  PRIMARY KEY (kind, subject)
)${end};
`;
}

export function sourceLimitTables({ text, integer, end }: TableWords): string {
  return `
CREATE TABLE source_limits (
  name ${text} PRIMARY KEY,
  push_bytes_per_day ${integer},
  recording_hosts ${text}              -- JSON
)${end};
-- The last day of each.
CREATE TABLE source_days (
  name ${text} PRIMARY KEY,
  day ${integer} NOT NULL,             -- when it began
  push_bytes ${integer} NOT NULL,
  refused_pushes ${integer} NOT NULL
)${end};
`;
}

export function passkeyTable({ text, integer, end }: TableWords): string {
  return `
CREATE TABLE passkeys (
  id ${text} PRIMARY KEY,
  account_id ${text} NOT NULL,
  name ${text} NOT NULL,
  public_key ${text} NOT NULL,
  counter ${integer} NOT NULL,
  transports ${text} NOT NULL,         -- JSON
  created_at ${integer} NOT NULL,
  last_used_at ${integer},
  challenged_at ${integer} NOT NULL    -- of the challenge that was taken last
)${end};
CREATE INDEX passkeys_account ON passkeys (account_id);
`;
}

/**
 * People and their work. Instants are epoch milliseconds, truths are 0 and 1, structures are JSON in text. Ids are
 * handed in by the caller.
 */
export function commonTables({ text, integer, real, bytes, end }: TableWords): string {
  return `
CREATE TABLE accounts (
  id ${text} PRIMARY KEY,
  name ${text} NOT NULL,
  name_key ${text} NOT NULL UNIQUE,    -- the name without its case
  display_name ${text},
  role ${text} NOT NULL,
  may_listen ${integer},
  may_download ${integer},
  password_hash ${text},
  issuer ${text},
  subject ${text},
  is_disabled ${integer} NOT NULL,
  created_at ${integer} NOT NULL,
  last_seen_at ${integer}
)${end};
CREATE UNIQUE INDEX accounts_identity ON accounts (issuer, subject) WHERE issuer IS NOT NULL;

CREATE TABLE setup_tokens (hash ${text} PRIMARY KEY, created_at ${integer} NOT NULL)${end};

CREATE TABLE sessions (
  hash ${text} PRIMARY KEY,
  account_id ${text} NOT NULL,
  created_at ${integer} NOT NULL,
  last_seen_at ${integer} NOT NULL,
  expires_at ${integer} NOT NULL,
  address ${text} NOT NULL,
  user_agent ${text}
)${end};
CREATE INDEX sessions_account ON sessions (account_id);
CREATE INDEX sessions_expiry ON sessions (expires_at);

-- Keys are kept as hashes: whoever guesses chooses them, of any length.
CREATE TABLE sign_in_failures (
  key_hash ${text} NOT NULL,
  at ${integer} NOT NULL,
  times ${integer} NOT NULL,           -- more than one may come within a millisecond
  PRIMARY KEY (key_hash, at)
)${end};
CREATE INDEX sign_in_failures_age ON sign_in_failures (at);

ALTER TABLE api_keys ADD COLUMN scopes ${text};           -- JSON; NULL: made before there were scopes, and may do everything
ALTER TABLE api_keys ADD COLUMN last_used_at ${integer};

-- Ids from outside are of any length, and indexed by their beginning.
CREATE TABLE audit_log (
  seq ${integer} PRIMARY KEY,
  at ${integer} NOT NULL,
  actor_kind ${text} NOT NULL,
  actor_id ${text} NOT NULL,
  actor_name ${text} NOT NULL,
  action ${text} NOT NULL,
  subject_kind ${text},
  subject_id ${text},
  detail ${text},                      -- JSON
  address ${text},
  previous_hash ${text} NOT NULL,
  hash ${text} NOT NULL                -- see audit-chain.ts
)${end};
CREATE INDEX audit_log_at ON audit_log (at, seq);
CREATE INDEX audit_log_actor ON audit_log (actor_id, at, seq);
CREATE INDEX audit_log_action ON audit_log (action, at, seq);
CREATE INDEX audit_log_subject ON audit_log (substr(subject_id, 1, 200), at, seq) WHERE subject_id IS NOT NULL;
CREATE INDEX audit_log_subject_kind ON audit_log (subject_kind, at, seq) WHERE subject_kind IS NOT NULL;

CREATE TABLE sources (
  id ${text} PRIMARY KEY,
  name ${text} NOT NULL UNIQUE,
  token ${text} NOT NULL UNIQUE,
  previous_token ${text},
  previous_until ${integer},
  created_at ${integer} NOT NULL
)${end};
CREATE TABLE source_counts (name ${text} PRIMARY KEY, pushes ${integer} NOT NULL, last_push_at ${integer} NOT NULL)${end};

CREATE TABLE saved_views (
  id ${text} PRIMARY KEY,
  owner_id ${text} NOT NULL,
  owner_name ${text} NOT NULL,
  name ${text} NOT NULL,
  is_shared ${integer} NOT NULL,
  query ${text} NOT NULL,
  created_at ${integer} NOT NULL
)${end};

CREATE TABLE comments (
  id ${text} PRIMARY KEY,
  call_id ${text} NOT NULL,
  recording_id ${text},
  at_seconds ${real},
  text ${text} NOT NULL,
  author_id ${text} NOT NULL,
  author_name ${text} NOT NULL,
  created_at ${integer} NOT NULL,
  edited_at ${integer}
)${end};
CREATE INDEX comments_call ON comments (substr(call_id, 1, 200));

CREATE TABLE call_tags (
  call ${integer} NOT NULL,            -- calls.id
  call_id ${text} NOT NULL,
  tag ${text} NOT NULL,
  sort_at ${integer} NOT NULL,         -- as in calls: whoever changes it there does here
  actor_id ${text} NOT NULL,
  added_at ${integer} NOT NULL,
  PRIMARY KEY (call, tag)
)${end};
CREATE INDEX call_tags_tag ON call_tags (tag, sort_at, call);
CREATE INDEX call_tags_call ON call_tags (substr(call_id, 1, 200));
-- Kept exact by whoever tags, in the same transaction: counting is no query.
CREATE TABLE tag_counts (tag ${text} PRIMARY KEY, calls ${integer} NOT NULL)${end};

CREATE TABLE jobs (
  id ${text} PRIMARY KEY,
  format ${text} NOT NULL,
  request ${text} NOT NULL,            -- JSON
  owner_id ${text} NOT NULL,
  owner_name ${text} NOT NULL,
  state ${integer} NOT NULL,           -- in the order of jobStates: 0 waiting, 1 running, 2 done, …
  done ${integer} NOT NULL,
  total ${integer},
  bytes ${integer} NOT NULL,
  file_name ${text},
  sha256 ${text},
  reason ${text},
  created_at ${integer} NOT NULL,
  ended_at ${integer},
  expires_at ${integer},
  generation ${integer} NOT NULL,
  leased_until ${integer}
)${end};
CREATE INDEX jobs_newest ON jobs (created_at, id);
CREATE INDEX jobs_owner ON jobs (owner_id, created_at, id);
CREATE INDEX jobs_open ON jobs (created_at, id) WHERE state < 2;
CREATE INDEX jobs_expiry ON jobs (expires_at, id) WHERE state = 2;

CREATE TABLE waveforms (
  recording ${integer} PRIMARY KEY,    -- recordings.id
  seconds ${real},
  channels ${text},                    -- JSON, for each: how many of the peaks are its, and where somebody speaks
  peaks ${bytes},                      -- of one channel after the other
  reason ${text}                       -- why there is none
)${end};

CREATE TABLE hour_figures (
  hour ${integer} NOT NULL,
  name ${text} NOT NULL,
  value ${integer} NOT NULL,
  PRIMARY KEY (hour, name)
)${end};
`;
}
