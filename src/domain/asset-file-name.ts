import { createHash } from 'node:crypto';

export interface AssetNaming {
  readonly recordingId: string;
  /** Opaque and not to be trusted: any characters, any length. */
  readonly callId: string;
  /** When the call began, in ms; undefined where its message did not say. */
  readonly callStartAt?: number;
  readonly firstReceivedAt: number;
  /** What the bytes are (`wav`, `mp3`, …): it becomes the extension. */
  readonly container: string;
  /** IANA zone in which a day begins. */
  readonly timeZone: string;
}

const maxCallIdLength = 60;
const dayFormats = new Map<string, Intl.DateTimeFormat>();

/**
 * Where a person would look for a recording: `yyyy-MM-dd/<callId>-<recordingId>.<ext>`, by the day of the call (of
 * its first receipt where the call's time is unknown). Below the recordings folder, `/` on every platform.
 *
 * The callId is there to be recognised, the recordingId to be unique: two recordings never share a name, even on a
 * file system that ignores case. Only `a–z A–Z 0–9 _ -` survive of a callId (`^`, dots, separators, controls and
 * everything else become `_`), so no name is special to any shell or file system: a reserved Windows name would have
 * to stand alone before the first dot, and here a `-` and the recordingId always follow.
 */
export function toAssetFileName(naming: AssetNaming): string {
  const call = naming.callId.slice(0, maxCallIdLength).replace(/[^a-zA-Z0-9_-]/g, '_') || '_';
  const extension = /^[a-z0-9]{1,8}$/.test(naming.container) ? naming.container : 'bin';
  return `${dayOf(naming)}/${call}-${toSafeId(naming.recordingId)}.${extension}`;
}

/** An id as part of a file name: itself where it is harmless (lower case), else a digest of it. */
export function toSafeId(id: string): string {
  if (/^[a-z0-9][a-z0-9_-]{0,63}$/.test(id)) return id;
  return createHash('sha256').update(id, 'utf16le').digest('hex').slice(0, 40);
}

function dayOf({ callStartAt, firstReceivedAt, timeZone }: AssetNaming): string {
  return formatDay(callStartAt, timeZone) ?? formatDay(firstReceivedAt, timeZone) ?? '0000-00-00';
}

/** Undefined for what is no instant of the years 1000 to 9999: nobody would look there. */
function formatDay(at: number | undefined, timeZone: string): string | undefined {
  if (at === undefined || !(at > -30_000_000_000_000 && at < 253_000_000_000_000)) return undefined;
  let format = dayFormats.get(timeZone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-CA', {
      timeZone,
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
    });
    dayFormats.set(timeZone, format);
  }
  return format.format(at);
}
