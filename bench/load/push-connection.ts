import { connect, type Socket } from 'node:net';
import { isAcknowledged } from '../../src/protocol/acknowledgement.js';

/** How a push ended: the HTTP status where it was no acknowledgement, or that the connection broke. */
export type PushResult = 'acknowledged' | 'broken' | number;

/**
 * One keep-alive connection with at most one push on its way. Sockets without HTTP around them, because a
 * generator that costs as much as the server it measures measures itself. An answer that looks exactly like
 * the last one that was read properly is recognised by its bytes; any other is read properly.
 */
export class PushConnection {
  readonly request: Buffer;
  isBusy = false;
  #socket: Socket | undefined;
  #onResult: ((result: PushResult) => void) | undefined;
  #partial = '';
  #knownLength = -1;
  #knownBody: Buffer = Buffer.alloc(0);

  constructor(
    private readonly port: number,
    request: Buffer,
  ) {
    this.request = request;
  }

  /** Resolves once connected. */
  open(): Promise<void> {
    const received = Buffer.alloc(64 * 1024);
    return new Promise((resolve, reject) => {
      const socket = connect({
        port: this.port,
        host: '127.0.0.1',
        onread: {
          buffer: received,
          callback: (length, buffer) => {
            this.#read(buffer as Buffer, length);
            return true;
          },
        },
      });
      socket.setNoDelay(true);
      socket.once('connect', resolve);
      socket.on('error', reject);
      socket.on('close', () => {
        this.#socket = undefined;
        this.#finish('broken');
      });
      this.#socket = socket;
    });
  }

  /** Sends what `request` holds. A connection that broke is opened again first. */
  send(onResult: (result: PushResult) => void): void {
    this.isBusy = true;
    this.#onResult = onResult;
    if (this.#socket) this.#socket.write(this.request);
    else {
      this.open().then(
        () => this.#socket?.write(this.request),
        () => this.#finish('broken'),
      );
    }
  }

  close(): void {
    this.#onResult = undefined;
    this.#socket?.destroy();
  }

  #read(buffer: Buffer, length: number): void {
    if (this.#partial === '' && length === this.#knownLength && this.#isAsBefore(buffer, length)) {
      this.#finish('acknowledged');
      return;
    }
    this.#partial += buffer.toString('latin1', 0, length);
    const headEnd = this.#partial.indexOf('\r\n\r\n');
    if (headEnd === -1) return;
    const bodyLength = Number(/\r\ncontent-length: *(\d+)/i.exec(this.#partial)?.[1] ?? 0);
    if (this.#partial.length < headEnd + 4 + bodyLength) return;
    const status = Number(this.#partial.slice(9, 12));
    const body = this.#partial.slice(headEnd + 4);
    this.#partial = '';
    if (!isAcknowledged(status, body)) {
      this.#finish(status);
      return;
    }
    if (length === headEnd + 4 + bodyLength) {
      this.#knownLength = length;
      this.#knownBody = Buffer.from(body, 'latin1');
    }
    this.#finish('acknowledged');
  }

  /** "HTTP/1.1 200", and the body that was understood before. */
  #isAsBefore(buffer: Buffer, length: number): boolean {
    if (buffer[9] !== 0x32 || buffer[10] !== 0x30 || buffer[11] !== 0x30) return false;
    const { length: bodyLength } = this.#knownBody;
    return this.#knownBody.compare(buffer, length - bodyLength, length) === 0;
  }

  #finish(result: PushResult): void {
    const onResult = this.#onResult;
    if (!onResult) return;
    this.#onResult = undefined;
    this.#partial = '';
    this.isBusy = false;
    onResult(result);
  }
}
