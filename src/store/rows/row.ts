/** A row as a driver hands it over: columns by name, in the types that both back ends keep them in. */
export type Row = Record<string, unknown>;

/** Columns of a table, with the types that PostgreSQL is sent them in. */
export type Columns = Readonly<
  Record<string, 'bigint' | 'integer' | 'smallint' | 'double precision' | 'text'>
>;

/**
 * Text as both back ends keep it. Three things that a JSON string may hold do not survive there by themselves: NUL
 * (SQLite's driver hands text over as a C string, which ends at it; PostgreSQL refuses it), half a surrogate pair (no
 * UTF-8 says it), and the mark that stands for them here. Ids that differ in these only must stay different, so they
 * are escaped, reversibly; nearly no text needs it, and finding that out costs next to nothing.
 */
const mark = '\uFFFE';
const special = /[\0\uFFFE]|[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g;
const escaped = /\uFFFE([0-9a-f]{4})/g;

export function toStoredText(text: string): string {
  if (!text.includes('\0') && !text.includes(mark) && isWellFormed(text)) return text;
  return text.replaceAll(special, (unit) => mark + unit.charCodeAt(0).toString(16).padStart(4, '0'));
}

export function fromStoredText(text: string): string {
  if (!text.includes(mark)) return text;
  return text.replaceAll(escaped, (_match, code: string) => String.fromCharCode(parseInt(code, 16)));
}

/** `String.prototype.isWellFormed` is in every Node that we run on, and not yet in the library's types. */
function isWellFormed(text: string): boolean {
  return (text as string & { isWellFormed(): boolean }).isWellFormed();
}

/** Leases last for seconds: one that is to end in more than a day was written by a clock that was wrong, and holds nobody's work. */
const longestLeaseMs = 24 * 3_600_000;

/** Whether what `leased_until` tells of is free at the instant `now`, a parameter. */
export function isFreeSql(now: string): string {
  return `(leased_until IS NULL OR leased_until <= ${now} OR leased_until - ${longestLeaseMs} > ${now})`;
}
