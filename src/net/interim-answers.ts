import type { Socket } from 'node:net';
import { buildConnector } from 'undici';

/*
 * A server may say `100 Continue` although nobody asked, and 102 or 103 (RFC 9110, section 15.2: interim answers are to be
 * passed over, however many come). undici takes a 100 for the end of the connection, and any that closes it, or comes as
 * HTTP/1.0, for the last answer. So heads with a status of 1xx are taken out of what it reads: nothing else is, and only
 * where an answer's head begins.
 */

const carriageReturn = 0x0d;
const lineFeed = 0x0a;
/** `HTTP/1.1 100` */
const statusLength = 12;
const nothing = new Uint8Array(0);

/** Looks at the bytes of answers, each of which begins when a request was written. */
export class InterimAnswers {
  /** `status`: the beginning of a status line. `interim`: in a head that is passed over. `rest`: of the answer itself. */
  #state: 'status' | 'interim' | 'rest' = 'status';
  #status = '';
  #lineIsEmpty = false;

  expectAnswer(): void {
    this.#state = 'status';
    this.#status = '';
  }

  /** The chunk without interim heads, behind what was held back until it was clear that it is none. */
  pass(chunk: Uint8Array): Uint8Array {
    for (let at = 0; at < chunk.length; at++) {
      if (this.#state === 'rest') return chunk.subarray(at);
      if (this.#state === 'interim') this.#readHead(chunk[at]);
      else if (this.#readStatus(chunk[at] ?? 0)) {
        return Buffer.concat([Buffer.from(this.#status, 'latin1'), chunk.subarray(at + 1)]);
      }
    }
    return nothing;
  }

  /** Whether it is now clear that this is the answer. */
  #readStatus(byte: number): boolean {
    if (this.#status === '' && (byte === carriageReturn || byte === lineFeed)) return false;
    this.#status += String.fromCharCode(byte);
    // What is no status line at all is the parser's to refuse.
    if (this.#status.length < statusLength && 'HTTP/1.'.startsWith(this.#status.slice(0, 7))) return false;
    // After 101 another protocol would follow.
    const isInterim = /^HTTP\/1\.[01] 1(?!01)\d\d$/.test(this.#status);
    this.#state = isInterim ? 'interim' : 'rest';
    this.#lineIsEmpty = false;
    if (isInterim) this.#status = '';
    return !isInterim;
  }

  /** A head ends with an empty line. */
  #readHead(byte: number | undefined): void {
    if (byte === carriageReturn) return;
    if (byte !== lineFeed) this.#lineIsEmpty = false;
    else if (this.#lineIsEmpty) this.#state = 'status';
    else this.#lineIsEmpty = true;
  }
}

/** Has undici, which reads and writes this socket, pass over every interim answer. One request at a time. */
export function passOverInterim<Kind extends Socket>(socket: Kind): Kind {
  const answers = new InterimAnswers();
  const read = socket.read.bind(socket);
  const write = socket.write.bind(socket) as (...args: unknown[]) => boolean;
  socket.read = (size?: number): unknown => {
    const chunk = read(size) as unknown;
    if (!(chunk instanceof Uint8Array)) return chunk;
    const passed = answers.pass(chunk);
    return passed.length === 0 ? null : passed;
  };
  socket.write = (...args: unknown[]): boolean => {
    // undici writes a request's head as text, and bodies as bytes.
    if (typeof args[0] === 'string' && requestLine.test(args[0])) answers.expectAnswer();
    return write(...args);
  };
  return socket;
}

const requestLine = /^[A-Z]+ \S+ HTTP\/1\.1\r\n/;

const connect = buildConnector({});

/** For undici's own agents: connects as they do. */
export const connectPassingOverInterim: buildConnector.connector = (options, callback) => {
  connect(options, (...[error, socket]) => {
    if (error) callback(error, null);
    else callback(null, passOverInterim(socket));
  });
};
