import { digits, headOf, tailOf } from './message-fields.js';

export interface PushShape {
  readonly port: number;
  /** The path that is posted to, secret included. */
  readonly path: string;
  readonly recordsPerPush: number;
  readonly shard: number;
  /** Beginnings of recording links, `http://host:port`; records take turns. */
  readonly linkBases: readonly string[];
  /** The call's `duration`. */
  readonly callSeconds: number;
}

interface RecordPlaces {
  readonly head: number;
  readonly tail: number;
  readonly detail: number;
  readonly out: number;
  readonly file: number;
  readonly start: number;
  readonly end: number;
}

/** A stand-in in the template: digits that a message's own digits are written over. */
const blank8 = '00000000';
const linkLifetimeSeconds = 7 * 24 * 3600;

/**
 * One push as bytes, made once: for each message only digits are written into place, which costs about a
 * twentieth of a microsecond each and is all that a push costs to make. The fields are those of the
 * specification's sample, with a signed link of the usual length: about 350 bytes a record.
 */
export class PushTemplate {
  readonly #bytes: Buffer;
  readonly #places: readonly RecordPlaces[];
  readonly #latestStart: number;

  constructor(
    private readonly shape: PushShape,
    nowMs: number,
  ) {
    const records = Array.from({ length: shape.recordsPerPush }, (_, index) =>
      recordText(shape, index, nowMs),
    );
    const body = `[${records.join(',')}]`;
    const head =
      `POST ${shape.path} HTTP/1.1\r\nHost: 127.0.0.1:${shape.port}\r\nContent-Type: application/json\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n`;
    this.#bytes = Buffer.from(head + body, 'latin1');
    let at = head.length + 1;
    this.#places = records.map((text) => {
      const places = findPlaces(text, at);
      at += text.length + 1;
      return places;
    });
    this.#latestStart = Math.max(1, 3600 - shape.callSeconds);
  }

  /** Bytes of one request, to be filled again for each push of one connection. */
  createRequest(): Buffer {
    return Buffer.from(this.#bytes);
  }

  /** Writes the messages `first`, `first + 1`, … into a request. */
  fill(request: Buffer, first: number): void {
    for (let index = 0; index < this.#places.length; index++) {
      const places = this.#places[index]!;
      const message = first + index;
      const head = headOf(message);
      const startSecond = Math.floor(message / 16) % this.#latestStart;
      writeDigits(request, places.head, 8, head);
      writeDigits(request, places.tail, 8, tailOf(message));
      writeDigits(request, places.detail, 8, message);
      writeDigits(request, places.out, 8, message);
      writeDigits(request, places.file, 8, head);
      writeClock(request, places.start, startSecond);
      writeClock(request, places.end, startSecond + this.shape.callSeconds);
    }
  }
}

function recordText({ shard, linkBases, callSeconds }: PushShape, index: number, nowMs: number): string {
  // An hour of today in the sender's zone, so that times are recent ones.
  const hour = new Date(nowMs + 7 * 3_600_000).toISOString().slice(0, 13).replace('T', ' ');
  const base = linkBases[index % linkBases.length] ?? 'http://127.0.0.1:9';
  const link =
    `${base}/agent/${blank8}_record.wav?Expires=${Math.floor(nowMs / 1000) + linkLifetimeSeconds}` +
    '&OSSAccessKeyId=LTAI4FoBenchmark00&Signature=vjbyPxybdZaNmGa%2ByT272YEAiv4%3D';
  return JSON.stringify({
    callId: `10${digits(shard, 2)}${blank8}^1000${blank8}`,
    duration: callSeconds,
    endTime: `${hour}:00:00`,
    recordFile: link,
    startTime: `${hour}:00:00`,
    taskId: '118100000000009001',
    detailId: `96620${digits(shard, 2)}${blank8}`,
    batchId: 'B20250001',
    outId: `5${digits(shard, 2)}${blank8}`,
  });
}

/** Where the digits of each field stand; `origin` is where the record begins in the request. */
function findPlaces(text: string, origin: number): RecordPlaces {
  const behind = (marker: string, offset = 0): number =>
    origin + text.indexOf(marker) + marker.length + offset;
  return {
    head: behind('"callId":"', 4),
    tail: behind('^', 4),
    detail: behind('"detailId":"', 7),
    out: behind('"outId":"', 3),
    file: behind('/agent/'),
    // yyyy-MM-dd HH: has 14 characters.
    start: behind('"startTime":"', 14),
    end: behind('"endTime":"', 14),
  };
}

function writeDigits(bytes: Buffer, at: number, width: number, value: number): void {
  let left = value;
  for (let place = at + width - 1; place >= at; place--) {
    const tenth = Math.floor(left / 10);
    bytes[place] = 48 + left - tenth * 10;
    left = tenth;
  }
}

/** mm:ss */
function writeClock(bytes: Buffer, at: number, second: number): void {
  const minute = Math.min(59, Math.floor(second / 60));
  writeDigits(bytes, at, 2, minute);
  writeDigits(bytes, at + 3, 2, second % 60);
}
