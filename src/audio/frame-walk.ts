import type { AudioContent } from './audio-description.js';
import { lengthOf } from './audio-description.js';
import type { ByteWindow } from './audio-source.js';
import { headerBytes, isTable, readFrame, type Frame } from './mpeg-header.js';

/** Where a stream may begin behind what is none: the rest of a frame that was cut, zeros, a recorder's own page. */
const searchBytes = 16 * 1024;
/** Frames of free format are as long as the way to the next header: longer ones than this are not looked for. */
const maxFrameBytes = 8 * 1024;
/** Enough of a frame to find the table that some encoders put into the first. */
const tableBytes = 64;

/** Part of a file: a bare stream may lie in a container's chunk. */
export interface Stretch {
  readonly start: number;
  readonly end: number;
}

export interface WalkedFrames extends AudioContent {
  readonly codec: Frame['codec'];
}

/**
 * Walks a bare stream of MPEG audio or ADTS AAC from its first frame to its last, whatever its bit rates, and adds up
 * what the frames last: the one way to know its length. What lies between frames (tags, damage) is passed by; where
 * it is more than the frames, no length is told. Undefined where there is no stream: three frames that follow each
 * other make one, or fewer that reach the end; a single one only from the very beginning.
 */
export async function walkFrames(window: ByteWindow, stretch: Stretch): Promise<WalkedFrames | undefined> {
  const walk = new FrameWalk(window, stretch.end);
  const limit = Math.min(stretch.start + searchBytes, stretch.end);
  const first = await walk.findFrame(stretch.start, limit, (at) => (at === stretch.start ? 1 : 2));
  if (!first) return undefined;
  return await walk.measure(first.at, first.frame, stretch);
}

interface FoundFrame {
  readonly at: number;
  readonly frame: Frame;
}

class FrameWalk {
  constructor(
    private readonly window: ByteWindow,
    private readonly end: number,
  ) {}

  /** The first frame from `at` on that others follow, until `limit`. `least`: how many reach the end, at the least. */
  async findFrame(
    at: number,
    limit: number,
    least: (at: number) => number,
    key?: number,
  ): Promise<FoundFrame | undefined> {
    for (let next = at; next < limit;) {
      if (!this.window.holds(next, headerBytes)) await this.window.load(next, headerBytes);
      const offset = this.window.peek(next).indexOf(0xff);
      if (offset < 0) {
        next += Math.max(1, this.window.peek(next).length);
        continue;
      }
      next += offset;
      if (next >= limit) break;
      const frame = await this.frameAt(next);
      const isSame = frame && (key === undefined || frame.key === key);
      if (isSame && (await this.#isConfirmed(next, frame, least(next)))) return { at: next, frame };
      next++;
    }
    return undefined;
  }

  /** The frame at `at`, with its length where that has to be looked for; none that the end cuts off. */
  async frameAt(at: number): Promise<Frame | undefined> {
    if (!this.window.holds(at, headerBytes)) await this.window.load(at, headerBytes);
    const frame = readFrame(this.window.peek(at), 0);
    if (!frame) return undefined;
    const sized = frame.bytes > 0 ? frame : await this.#freeFrame(at, frame);
    return sized && at + sized.bytes <= this.end ? sized : undefined;
  }

  async measure(start: number, first: Frame, stretch: Stretch): Promise<WalkedFrames> {
    let [at, bytes, seconds, channels] = [start, 0, 0, first.channels];
    let key = first.key;
    const head = await this.window.take(start, tableBytes);
    if (isTable(head, 0, first)) at += first.bytes;
    while (at < this.end) {
      const frame = await this.frameAt(at);
      const follows = frame && (frame.key === key || (await this.#isConfirmed(at, frame, 2)));
      if (follows) {
        ({ key } = frame);
        channels = Math.max(channels, frame.channels);
        seconds += frame.samples / frame.sampleRate;
        bytes += frame.bytes;
        at += frame.bytes;
        continue;
      }
      const next = await this.findFrame(at + 1, this.end, () => 2, key);
      if (!next) break;
      ({ at } = next);
    }
    const isMostlyFrames = bytes * 2 >= stretch.end - stretch.start - first.bytes;
    return {
      codec: first.codec,
      ...(channels > 0 ? { channels } : {}),
      sampleRate: first.sampleRate,
      ...lengthOf(isMostlyFrames ? seconds : undefined),
    };
  }

  /** Whether two more frames of the same kind follow, or so many reach the end that there are `least` in all. */
  async #isConfirmed(at: number, first: Frame, least: number): Promise<boolean> {
    let next = at + first.bytes;
    for (let count = 1; count < 3; count++) {
      if (next >= this.end) return count >= least;
      const frame = await this.frameAt(next);
      if (frame?.key !== first.key) return count >= least && (await this.#isCutFrame(next, first));
      next += frame.bytes;
    }
    return true;
  }

  /** The file ends within a frame, as it does where a recorder was ended. */
  async #isCutFrame(at: number, first: Frame): Promise<boolean> {
    const rest = await this.window.take(at, headerBytes);
    if (at + rest.length >= this.end && rest.length < headerBytes) return true;
    const frame = readFrame(rest, 0);
    return frame?.key === first.key && at + frame.bytes > this.end;
  }

  async #freeFrame(at: number, frame: Frame): Promise<Frame | undefined> {
    const bytes = await this.window.take(at, maxFrameBytes);
    for (let next = 24; next + 4 <= bytes.length; next++) {
      const other = bytes[next] === 0xff ? readFrame(bytes, next) : undefined;
      if (other?.key === frame.key && other.bytes === 0) return { ...frame, bytes: next };
    }
    // The last frame of its kind ends where the file does.
    return at + bytes.length >= this.end ? { ...frame, bytes: this.end - at } : undefined;
  }
}
