/**
 * The records of a ZIP file (PKWARE's APPNOTE 6.3, sections 4.3 to 4.5), with ZIP64 where a number needs it and
 * nowhere else: old readers know the short forms only.
 */
export interface ZipEntry {
  /** UTF-8, `/` between folders. */
  readonly name: string;
  readonly method: 'stored' | 'deflated';
  readonly crc32: number;
  readonly bytes: number;
  readonly compressedBytes: number;
  /** Where its local header begins. */
  readonly offset: number;
  readonly modifiedAt: number;
  /** Its numbers follow its bytes: nobody knew them before. */
  readonly isDescribedBehind: boolean;
}

const max16 = 0xffff;
const max32 = 0xffff_ffff;
const utf8 = 1 << 11;
const describedBehind = 1 << 3;
const versionOfDeflate = 20;
const versionOfZip64 = 45;
/** On Unix: so the mode below means something. */
const madeBy = (3 << 8) | versionOfZip64;
const readableFile = 0o100644 * 2 ** 16;

export function localHeader(entry: ZipEntry): Buffer {
  const extra = extraFields(isPast32(entry) ? [entry.bytes, entry.compressedBytes] : [], entry.modifiedAt);
  const facts = commonFacts(entry, extra.length, entry.isDescribedBehind);
  return Buffer.concat([signature(0x04034b50), facts, Buffer.from(entry.name), extra]);
}

/** What follows the bytes of an entry that is described behind; such an entry stays below 4 GiB. */
export function dataDescriptor({ crc32, bytes, compressedBytes }: ZipEntry): Buffer {
  const descriptor = Buffer.alloc(16);
  descriptor.writeUInt32LE(0x08074b50, 0);
  descriptor.writeUInt32LE(crc32, 4);
  descriptor.writeUInt32LE(compressedBytes, 8);
  descriptor.writeUInt32LE(bytes, 12);
  return descriptor;
}

export function centralHeader(entry: ZipEntry): Buffer {
  const isFar = entry.offset >= max32;
  const numbers = isPast32(entry) ? [entry.bytes, entry.compressedBytes] : [];
  const extra = extraFields(isFar ? [...numbers, entry.offset] : numbers, entry.modifiedAt);
  const version = Buffer.alloc(2);
  version.writeUInt16LE(madeBy);
  const place = Buffer.alloc(14);
  place.writeUInt32LE(readableFile, 6);
  place.writeUInt32LE(isFar ? max32 : entry.offset, 10);
  const facts = commonFacts(entry, extra.length, false);
  return Buffer.concat([signature(0x02014b50), version, facts, place, Buffer.from(entry.name), extra]);
}

/** The end of the file: where the directory is, and how much it holds. */
export function endRecords(directory: { entries: number; bytes: number; offset: number }): Buffer {
  const { entries, bytes, offset } = directory;
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(Math.min(entries, max16), 8);
  end.writeUInt16LE(Math.min(entries, max16), 10);
  end.writeUInt32LE(Math.min(bytes, max32), 12);
  end.writeUInt32LE(Math.min(offset, max32), 16);
  if (entries < max16 && bytes < max32 && offset < max32) return end;

  const end64 = Buffer.alloc(56);
  end64.writeUInt32LE(0x06064b50, 0);
  end64.writeBigUInt64LE(44n, 4);
  end64.writeUInt16LE(madeBy, 12);
  end64.writeUInt16LE(versionOfZip64, 14);
  for (const [index, number] of [entries, entries, bytes, offset].entries())
    end64.writeBigUInt64LE(BigInt(number), 24 + 8 * index);
  const locator = Buffer.alloc(20);
  locator.writeUInt32LE(0x07064b50, 0);
  locator.writeBigUInt64LE(BigInt(offset + bytes), 8);
  locator.writeUInt32LE(1, 16);
  return Buffer.concat([end64, locator, end]);
}

function isPast32({ bytes, compressedBytes }: ZipEntry): boolean {
  return bytes >= max32 || compressedBytes >= max32;
}

/** What both headers have, from the version that is needed to the length of the extra fields. */
function commonFacts(entry: ZipEntry, extraBytes: number, areUnknown: boolean): Buffer {
  const isLarge = isPast32(entry);
  const { date, time } = toDosTime(entry.modifiedAt);
  const facts = Buffer.alloc(26);
  facts.writeUInt16LE(isLarge || entry.offset >= max32 ? versionOfZip64 : versionOfDeflate, 0);
  facts.writeUInt16LE(entry.isDescribedBehind ? utf8 | describedBehind : utf8, 2);
  facts.writeUInt16LE(entry.method === 'stored' ? 0 : 8, 4);
  facts.writeUInt16LE(time, 6);
  facts.writeUInt16LE(date, 8);
  if (!areUnknown) {
    facts.writeUInt32LE(entry.crc32, 10);
    facts.writeUInt32LE(isLarge ? max32 : entry.compressedBytes, 14);
    facts.writeUInt32LE(isLarge ? max32 : entry.bytes, 18);
  }
  facts.writeUInt16LE(Buffer.byteLength(entry.name), 22);
  facts.writeUInt16LE(extraBytes, 24);
  return facts;
}

function signature(number: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(number);
  return bytes;
}

/** The numbers that are too large for their place, in the order of the format, and the instant. */
function extraFields(numbers: readonly number[], modifiedAt: number): Buffer {
  if (numbers.length === 0) return timeField(modifiedAt);
  const field = Buffer.alloc(4 + 8 * numbers.length);
  field.writeUInt16LE(0x0001, 0);
  field.writeUInt16LE(8 * numbers.length, 2);
  for (const [index, number] of numbers.entries()) field.writeBigUInt64LE(BigInt(number), 4 + 8 * index);
  return Buffer.concat([field, timeField(modifiedAt)]);
}

/** The instant to the second, whatever the zone of the reader: the other time that a header has is local. */
function timeField(modifiedAt: number): Buffer {
  const seconds = Math.floor(modifiedAt / 1000);
  if (Math.abs(seconds) >= 2 ** 31) return Buffer.alloc(0);
  const field = Buffer.alloc(9);
  field.writeUInt16LE(0x5455, 0);
  field.writeUInt16LE(5, 2);
  field.writeUInt8(1, 4);
  field.writeInt32LE(seconds, 5);
  return field;
}

/** In UTC, to two seconds, between 1980 and 2107. */
function toDosTime(at: number): { date: number; time: number } {
  const when = new Date(Math.min(Math.max(at, Date.UTC(1980, 0, 1)), Date.UTC(2107, 11, 31)));
  const date = ((when.getUTCFullYear() - 1980) << 9) | ((when.getUTCMonth() + 1) << 5) | when.getUTCDate();
  const time = (when.getUTCHours() << 11) | (when.getUTCMinutes() << 5) | (when.getUTCSeconds() >> 1);
  return { date, time };
}
