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
