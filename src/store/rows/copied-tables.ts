import type { ChangingSection, CopiedRow, CopiedSection, SmallTable } from '../copying.js';
import { copiedPeople } from './copied-people.js';
import { phase } from './recording-row.js';

export type ColumnKind = 'integer' | 'real' | 'text' | 'bytes';

/** A table as it is copied: the columns that both back ends have, by name. */
export interface CopiedTable {
  readonly name: string;
  /** What tells its rows apart. */
  readonly key: readonly string[];
  readonly columns: Readonly<Record<string, ColumnKind>>;
}

const asset = {
  bytes: 'integer',
  sha256: 'text',
  container: 'text',
  codec: 'text',
  channels: 'integer',
  sample_rate: 'integer',
  seconds: 'real',
  archived_at: 'integer',
  file_name: 'text',
} as const;

export const copiedTables = {
  journal: {
    name: 'journal',
    key: ['seq'],
    columns: {
      seq: 'integer',
      type: 'integer',
      call_id: 'text',
      digest: 'bytes',
      received_at: 'integer',
      source: 'text',
      text: 'text',
    },
  },
  pushes: {
    name: 'pushes',
    key: ['id'],
    columns: {
      id: 'integer',
      key: 'text',
      received_at: 'integer',
      source: 'text',
      path_type: 'text',
      remote_address: 'text',
      content_encoding: 'text',
      charset: 'text',
      body: 'bytes',
    },
  },
  quarantine: {
    name: 'quarantine',
    key: ['id'],
    columns: {
      id: 'integer',
      push_id: 'integer',
      item_index: 'integer',
      received_at: 'integer',
      source: 'text',
      path_type: 'text',
      reason: 'text',
      bytes: 'integer',
      body: 'bytes',
    },
  },
  attempts: {
    name: 'attempts',
    key: ['id'],
    columns: {
      id: 'integer',
      recording_id: 'integer',
      at: 'integer',
      outcome: 'text',
      reason: 'text',
      status: 'integer',
      duration_ms: 'integer',
      bytes: 'integer',
      resumed_from: 'integer',
      address: 'text',
      head_ms: 'integer',
      detail: 'text',
    },
  },
  deliveries: {
    name: 'deliveries',
    key: ['id'],
    columns: {
      id: 'integer',
      endpoint: 'integer',
      state: 'integer',
      place: 'integer',
      place_offset: 'integer',
      webhook_id: 'text',
      seqs: 'text',
      count: 'integer',
      first_seq: 'integer',
      last_seq: 'integer',
      attempts: 'integer',
      next_attempt_at: 'integer',
      reason: 'text',
      created_at: 'integer',
      delivered_at: 'integer',
      half_of: 'integer',
      replay_of: 'integer',
      replayed_as: 'integer',
    },
  },
  deliveryAttempts: {
    name: 'delivery_attempts',
    key: ['id'],
    columns: {
      id: 'integer',
      delivery: 'integer',
      at: 'integer',
      outcome: 'text',
      reason: 'text',
      status: 'integer',
      duration_ms: 'integer',
      address: 'text',
      is_probe: 'integer',
      exchange: 'text',
    },
  },
  linkKeys: {
    name: 'link_keys',
    key: ['id'],
    columns: { id: 'text', secret: 'text', created_at: 'integer', expires_at: 'integer' },
  },
  // Without their leases: those were of processes that are gone by the time anybody serves the copy.
  endpoints: {
    name: 'endpoints',
    key: ['id'],
    columns: {
      id: 'integer',
      settings: 'text',
      secrets: 'text',
      start: 'text',
      is_paused: 'integer',
      is_removed: 'integer',
      cursor: 'integer',
      failures_in_a_row: 'integer',
      probe_at: 'integer',
      created_at: 'integer',
      generation: 'integer',
    },
  },
  tallies: {
    name: 'delivery_tallies',
    key: ['endpoint', 'state'],
    columns: { endpoint: 'integer', state: 'integer', count: 'integer' },
  },
  replays: {
    name: 'replays',
    key: ['id'],
    columns: {
      id: 'integer',
      endpoint: 'integer',
      selection: 'text',
      state: 'integer',
      position: 'integer',
      end_position: 'integer',
      deliveries: 'integer',
      messages: 'integer',
      created_at: 'integer',
      ended_at: 'integer',
    },
  },
  ...copiedPeople,
} as const satisfies Record<CopiedSection | SmallTable, CopiedTable>;

/**
 * What the journal's messages do not say of a recording, column by column. `attempts` is a column in PostgreSQL and
 * counted in SQLite.
 */
export const workingColumns = {
  host: 'text',
  link: 'text',
  link_seq: 'integer',
  state: 'integer',
  phase: 'integer',
  deadline_at: 'integer',
  next_attempt_at: 'integer',
  forced: 'integer',
  generation: 'integer',
  reason: 'text',
  short: 'integer',
  ...asset,
} as const satisfies Record<string, ColumnKind>;

/** A recording as it is copied: whoever leased it is gone by the time that anybody works on the copy. */
export function withoutLease(row: CopiedRow): CopiedRow {
  return row['phase'] === phase.leased ? { ...row, phase: phase.due } : row;
}

/** What tells a row of a changing section that may still change. */
export const openRows: Readonly<Record<ChangingSection, string>> = {
  quarantine: 'body IS NOT NULL',
  deliveries: 'state = 0',
  recordings: 'state IN (0, 3)',
};

/** Name of the column that a section is copied by. */
export function numberOf(section: CopiedSection | 'recordings'): 'seq' | 'id' {
  return section === 'journal' || section === 'auditLog' ? 'seq' : 'id';
}

export function tableOf(section: CopiedSection | 'recordings'): string {
  return section === 'recordings' ? 'recordings' : copiedTables[section].name;
}

export function columnsOf(table: CopiedTable): string {
  return Object.keys(table.columns).join(', ');
}

/** An object with these members. */
export function byName<Name extends string, T>(
  names: readonly Name[],
  toValue: (name: Name) => T,
): Record<Name, T> {
  return Object.fromEntries(names.map((name) => [name, toValue(name)])) as Record<Name, T>;
}
