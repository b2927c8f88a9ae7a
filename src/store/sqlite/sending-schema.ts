/**
 * What sending keeps: endpoints, deliveries with their attempts, replays, and the keys that sign links.
 * Instants are epoch milliseconds. States are numbers in the order of the domain's lists.
 * Ids are never used twice (AUTOINCREMENT): they are public, and an old one must not name something new.
 */
export const sendingTables = `
CREATE TABLE endpoints (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  settings TEXT NOT NULL,           -- JSON of EndpointSettings
  secrets TEXT NOT NULL,            -- JSON of EndpointSecret[], newest first
  start TEXT NOT NULL,              -- JSON of EndpointStart
  is_paused INTEGER NOT NULL DEFAULT 0,
  is_removed INTEGER NOT NULL DEFAULT 0, -- nobody sees it any more; the row stays until its deliveries are swept
  cursor INTEGER NOT NULL,
  failures_in_a_row INTEGER NOT NULL DEFAULT 0,
  probe_at INTEGER,
  created_at INTEGER NOT NULL,
  generation INTEGER NOT NULL DEFAULT 0,
  leased_until INTEGER              -- NULL: nobody serves it
) STRICT;

CREATE TABLE deliveries (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  endpoint INTEGER NOT NULL,
  state INTEGER NOT NULL,           -- 0 pending, 1 delivered, 2 dead
  place INTEGER NOT NULL,           -- its own id; of a half, the id of the delivery that was cut
  place_offset INTEGER NOT NULL,    -- where a half begins in that delivery
  webhook_id TEXT NOT NULL,
  seqs TEXT NOT NULL,               -- see rows/delivery-row.ts
  count INTEGER NOT NULL,
  first_seq INTEGER NOT NULL,
  last_seq INTEGER NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0,
  next_attempt_at INTEGER,          -- NULL: not to be sent (any more), or halved
  reason TEXT,                      -- 'halved' once it was, for good
  created_at INTEGER NOT NULL,
  delivered_at INTEGER,
  half_of INTEGER,
  replay_of INTEGER,
  replayed_as INTEGER
) STRICT;
-- A page of one state, of one endpoint or of all, is a piece of an index however rare the state is.
CREATE INDEX deliveries_state ON deliveries (state);
CREATE INDEX deliveries_endpoint ON deliveries (endpoint, state);
CREATE INDEX deliveries_open ON deliveries (endpoint, place, place_offset) WHERE next_attempt_at IS NOT NULL;
CREATE INDEX deliveries_halves ON deliveries (half_of) WHERE half_of IS NOT NULL;
-- What a replay of the dead ones would send. Holds all that counting them asks for: they may be millions.
CREATE INDEX deliveries_replayable ON deliveries (endpoint, id, count, state, replayed_as, reason)
  WHERE state = 2 AND replayed_as IS NULL AND reason IS NOT 'halved';

-- In which deliveries a message of the journal is: by stretches of its numbers (rows/delivery-row.ts).
CREATE TABLE delivery_stretches (
  endpoint INTEGER NOT NULL,
  stretch INTEGER NOT NULL,
  delivery INTEGER NOT NULL,
  PRIMARY KEY (endpoint, stretch, delivery)
) STRICT, WITHOUT ROWID;

CREATE TABLE delivery_attempts (
  id INTEGER PRIMARY KEY,
  delivery INTEGER NOT NULL,
  at INTEGER NOT NULL,
  outcome TEXT NOT NULL,
  reason TEXT NOT NULL,
  status INTEGER,
  duration_ms INTEGER NOT NULL,
  address TEXT,
  is_probe INTEGER NOT NULL,
  exchange TEXT NOT NULL            -- JSON of timings, request and response
) STRICT;
CREATE INDEX delivery_attempts_delivery ON delivery_attempts (delivery);

-- Kept exact by whoever changes a state, in the same transaction: counting millions of rows is no query.
CREATE TABLE delivery_tallies (
  endpoint INTEGER NOT NULL,
  state INTEGER NOT NULL,
  count INTEGER NOT NULL,
  PRIMARY KEY (endpoint, state)
) STRICT, WITHOUT ROWID;

CREATE TABLE replays (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  endpoint INTEGER NOT NULL,
  selection TEXT NOT NULL,          -- JSON of ReplaySelection
  state INTEGER NOT NULL,           -- 0 running, 1 done, 2 cancelled
  position INTEGER NOT NULL,
  end_position INTEGER NOT NULL,
  deliveries INTEGER NOT NULL DEFAULT 0,
  messages INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL,
  ended_at INTEGER
) STRICT;
CREATE INDEX replays_endpoint ON replays (endpoint);
CREATE INDEX replays_running ON replays (endpoint) WHERE state = 0;

CREATE TABLE link_keys (
  id TEXT PRIMARY KEY,
  secret TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER
) STRICT, WITHOUT ROWID;
`;
