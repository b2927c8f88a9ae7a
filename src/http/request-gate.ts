import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { partsOfPushPath } from '../domain/push-path.js';
import { ChunkedBody } from './chunked-body.js';
import { rawAnswerTo, rawBytesOf, type RawRefusal } from './problem.js';
import { endOfHead, maxHeadBytes, targetOf, UnfinishedHead, withOneLength } from './request-head.js';

/** A head that has begun to arrive is there within this time. */
const headMs = 30_000;
/** The body of somebody who has shown neither token nor key. */
const strangersBodyMs = 15_000;
/** What is still coming of a request that was refused, and is read so that its sender hears why. */
const lingerMs = 2_000;

/** Bytes of a body that are still to come, and those among the next that belong to it. */
interface ArrivingBody {
  readonly isOver: boolean;
  take(bytes: Buffer): number;
}

interface GateParts {
  readonly socket: Socket;
  /** The bytes that are kept of an unfinished head, 0 once it is whole. */
  readonly onHeadBytes: (bytes: number) => void;
  /** The sender has shown a token or a key. */
  readonly onKnown: () => void;
}

const gates = new WeakMap<object, RequestGate>();

/** The gate before a socket; undefined where there is none. */
export function gateOf(socket: object): RequestGate | undefined {
  return gates.get(socket);
}

/**
 * Stands between a socket and the HTTP parser, and lets one request through at a time: a head once it is whole, the body as
 * it comes, the next head once the answer is out.
 *
 * - **Between requests.** Bytes gather until they are a whole head: at most 64 KiB, outside of the heap, and for half a
 *   minute. What can be no request is refused as soon as that shows; where it was sent is known by then, and so the form
 *   of the answer, however the bytes arrived.
 * - **In a body.** Bytes go to the parser as they come. Its end is counted here, by length or chunk by chunk.
 * - **Answering.** What comes behind a whole request waits (the socket is paused, so that little does) until the request
 *   has its answer: no refusal of what follows overtakes an acknowledgement.
 * - **Over.** A refusal was sent: what still comes is thrown away for a moment, so that the sender reads the answer
 *   before a reset, and the connection ends.
 *
 * The parser reads every byte and judges it; this only decides when it gets which. Node's own way, where the parser reads
 * from the socket by itself, saves about 5 µs a push; but then the bytes of a head that came in pieces are lost.
 */
export class RequestGate {
  readonly #parse: (bytes: Buffer) => void;
  readonly #endOfInput: () => void;
  #unfinished: UnfinishedHead | undefined;
  #timer: NodeJS.Timeout | undefined;
  #body: ArrivingBody | undefined;
  #request: IncomingMessage | undefined;
  #response: ServerResponse | undefined;
  /** What the request under way, or the last one, was asked at. */
  #target = '';
  #held: Buffer | undefined;
  #isKnown = false;
  #isUploading = false;
  #isOver = false;

  constructor(private readonly parts: GateParts) {
    const { socket } = parts;
    gates.set(socket, this);
    this.#parse = takeListener(socket, 'data');
    this.#endOfInput = takeListener(socket, 'end');
    socket.on('data', (bytes: Buffer) => {
      if (!this.#isOver) this.#take(bytes);
    });
    socket.on('resume', () => {
      if (this.#held) process.nextTick(() => this.#goOn());
    });
    socket.on('end', () => {
      this.#finish();
    });
    socket.on('close', () => {
      this.#isOver = true;
      this.#forgetHead();
      clearTimeout(this.#timer);
    });
  }

  /** The parser has read the head that it was given last. */
  begin(request: IncomingMessage, response: ServerResponse): void {
    this.#request = request;
    this.#response = response;
    response.once('close', () => {
      this.#response = undefined;
      this.#goOn();
    });
  }

  /** The sender has shown a token or a key: its bodies have more time. */
  known(): void {
    if (this.#body) clearTimeout(this.#timer);
    if (this.#isKnown) return;
    this.#isKnown = true;
    this.parts.onKnown();
  }

  /** An upload of any size may take its time, as long as it moves. Call what is returned when it is over. */
  beginUpload(): () => void {
    this.#isUploading = true;
    return () => {
      this.#isUploading = false;
    };
  }

  get isUploading(): boolean {
    return this.#isUploading;
  }

  /** Answers what never became a request, or breaks off in its body; the connection ends with it. */
  refuse(refusal: RawRefusal): void {
    if (this.#isOver) return;
    const { socket } = this.parts;
    const target = this.#unfinished ? targetOf(this.#unfinished.bytes) : this.#target;
    // An answer that has begun cannot be taken back, and a second one would be that of another request.
    const isAnswered = this.#body !== undefined && this.#response?.headersSent !== false;
    this.#isOver = true;
    this.#forgetHead();
    clearTimeout(this.#timer);
    this.#held = undefined;
    if (isAnswered || !socket.writable) {
      socket.destroy();
      return;
    }
    socket.end(rawBytesOf(rawAnswerTo(refusal, target)));
    socket.resume();
    setTimeout(() => socket.destroy(), lingerMs).unref();
  }

  #take(bytes: Buffer): void {
    let rest = this.#held ? Buffer.concat([this.#held, bytes]) : bytes;
    this.#held = undefined;
    while (rest.length > 0 && !this.#isOver) {
      if (this.parts.socket.isPaused() || (!this.#body && this.#response)) {
        this.#held = rest;
        this.parts.socket.pause();
        return;
      }
      rest = this.#body ? this.#takeBody(this.#body, rest) : this.#takeHead(rest);
    }
  }

  #goOn(): void {
    const held = this.#held;
    if (!held || this.#isOver || (!this.#body && this.#response)) return;
    this.#held = undefined;
    this.parts.socket.resume();
    this.#take(held);
  }

  #takeHead(bytes: Buffer): Buffer {
    if (this.#unfinished) return this.#addToHead(this.#unfinished, bytes);
    // Old clients write a line end behind a body.
    const isLineEnd = bytes[0] === 0x0d || bytes[0] === 0x0a;
    if (isLineEnd) return bytes.subarray(1);
    const end = endOfHead(bytes);
    if (end === undefined || end > maxHeadBytes) return this.#addToHead(new UnfinishedHead(), bytes);
    this.#passHead(bytes.subarray(0, end));
    return bytes.subarray(end);
  }

  #addToHead(head: UnfinishedHead, bytes: Buffer): Buffer {
    if (!this.#unfinished) {
      this.#unfinished = head;
      this.#limitTime(headMs);
    }
    const { length } = head.bytes;
    const end = head.add(bytes);
    if ((end ?? head.bytes.length) > maxHeadBytes) this.refuse('headers-too-large');
    else if (end === undefined && head.isHopeless) this.refuse('bad-request');
    else if (end === undefined) this.parts.onHeadBytes(head.bytes.length);
    else {
      const whole = head.bytes.subarray(0, end);
      this.#forgetHead();
      clearTimeout(this.#timer);
      this.#passHead(whole);
      return bytes.subarray(end - length);
    }
    return bytes.subarray(bytes.length);
  }

  #passHead(head: Buffer): void {
    this.#request = undefined;
    this.#target = targetOf(head);
    this.#parse(withOneLength(head));
    // Undefined where the parser has refused it.
    const request = this.#request as IncomingMessage | undefined;
    if (!request || request.complete) return;
    this.#body =
      request.headers['transfer-encoding'] === undefined
        ? new MeasuredBody(Number(request.headers['content-length'] ?? 0))
        : new ChunkedBody();
    if (!this.#isKnown) this.#limitTime(strangersBodyMs);
  }

  #takeBody(body: ArrivingBody, bytes: Buffer): Buffer {
    const taken = body.take(bytes);
    this.#parse(taken === bytes.length ? bytes : bytes.subarray(0, taken));
    if (body.isOver) {
      // Where parser and count disagree, the next byte could be anything.
      if (this.#request?.complete === false) this.refuse('bad-request');
      this.#body = undefined;
      clearTimeout(this.#timer);
    }
    return bytes.subarray(taken);
  }

  #limitTime(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.refuse('request-late');
    }, ms);
  }

  #forgetHead(): void {
    if (this.#unfinished) this.parts.onHeadBytes(0);
    this.#unfinished = undefined;
  }

  /** The other side sends no more, but may well be waiting for the answer to what it has sent. */
  #finish(): void {
    if (this.#unfinished) this.refuse('bad-request');
    if (this.#response && !this.#body && partsOfPushPath(this.#target))
      this.#response.once('close', this.#endOfInput);
    else this.#endOfInput();
  }
}

class MeasuredBody implements ArrivingBody {
  constructor(private left: number) {}

  get isOver(): boolean {
    return this.left === 0;
  }

  take(bytes: Buffer): number {
    const taken = Math.min(this.left, bytes.length);
    this.left -= taken;
    return taken;
  }
}

/** The listener by which Node's server reads, taken out of its place. */
function takeListener(socket: Socket, event: 'data' | 'end'): (bytes?: Buffer) => void {
  const [listener] = socket.listeners(event).slice(-1) as [(bytes?: Buffer) => void];
  socket.off(event, listener);
  return listener;
}
