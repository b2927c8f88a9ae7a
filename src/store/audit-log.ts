import type { ActorKind } from '../domain/rights.js';

export interface NewAuditRecord {
  readonly at: number;
  readonly actor: { readonly kind: ActorKind; readonly id: string; readonly name: string };
  /** What was done: `call.viewed`, `recording.heard`, … (docs/audit.md). */
  readonly action: string;
  /** What it was done to. */
  readonly subject?: { readonly kind: string; readonly id: string };
  /** Small JSON, without secrets. */
  readonly detail?: Readonly<Record<string, unknown>>;
  readonly address?: string;
}

/** One line of the audit log. Nobody changes or deletes it: the database itself refuses. */
export interface AuditRecord extends NewAuditRecord {
  /** 1, 2, 3, … without a gap. */
  readonly seq: number;
  /** Lower-case hex SHA-256 over this record and the hash before it. */
  readonly hash: string;
  readonly previousHash: string;
}

export interface AuditLog {
  /** Atomic and durable, in this order; each continues the chain. */
  append(records: readonly NewAuditRecord[]): Promise<AuditRecord[]>;
}

export interface AuditQuery {
  readonly actorId?: string;
  readonly action?: string;
  readonly subjectKind?: string;
  readonly subjectId?: string;
  readonly from?: number;
  readonly to?: number;
  readonly limit: number;
  /** Those before this seq. */
  readonly before?: number;
}

export interface AuditLogReader {
  /** Newest first. */
  list(query: AuditQuery): Promise<{ items: AuditRecord[]; next?: number }>;
  /** Oldest first, of those after this seq: for checking the chain. */
  read(after: number, limit: number): Promise<AuditRecord[]>;
}
