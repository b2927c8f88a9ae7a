/** An instant as a field of type datetime-local takes it, in the zone of the browser; empty for none. */
export function toLocalTime(instant: string | undefined): string {
  if (instant === undefined) return '';
  const at = new Date(instant);
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 19);
}

/** And back; undefined for an empty field. */
export function fromLocalTime(text: string | undefined): string | undefined {
  const at = new Date(text ?? '');
  return Number.isNaN(at.getTime()) ? undefined : at.toISOString();
}
