import { Agent, request } from 'node:http';
import { pushToken } from './server-process.js';

export interface PushAnswer {
  /** HTTP status; 0 where no whole answer came. */
  readonly status: number;
  /** The `code` of the answer, whatever its type; undefined where there is none. */
  readonly code: unknown;
  readonly durationMs: number;
  /** The connection it went over, and the place of this answer among those on it, from 0. */
  readonly localPort: number;
  readonly place: number;
}

export interface PushOptions {
  readonly headers?: Readonly<Record<string, string>>;
  readonly path?: string;
}

export interface PushSender {
  /** Never rejects: a connection that broke is an answer with status 0. */
  push(body: Uint8Array | string, options?: PushOptions): Promise<PushAnswer>;
  close(): void;
}

/** Pushes over kept connections, as many at a time as `push` is called. */
export function openPushSender(url: string, timeoutMs = 20_000): PushSender {
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  const answersOn = new Map<number, number>();
  const target = new URL(url);

  return {
    push: (body, { headers = { 'content-type': 'application/json' }, path = '' } = {}) =>
      new Promise((resolve) => {
        const startedAt = performance.now();
        const bytes = Buffer.from(body);
        let localPort = 0;
        const fail = () => {
          resolve({
            status: 0,
            code: undefined,
            durationMs: performance.now() - startedAt,
            localPort,
            place: -1,
          });
        };
        const outgoing = request({
          agent,
          host: target.hostname,
          port: target.port,
          method: 'POST',
          path: `/push/${pushToken}${path}`,
          headers: { ...headers, 'content-length': String(bytes.length) },
        });
        outgoing.setTimeout(timeoutMs, () => outgoing.destroy());
        outgoing.on('socket', (socket) => (localPort = socket.localPort ?? 0));
        outgoing.on('error', fail);
        outgoing.on('response', (response) => {
          localPort = response.socket.localPort ?? localPort;
          const place = answersOn.get(localPort) ?? 0;
          answersOn.set(localPort, place + 1);
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('error', fail);
          response.on('close', fail);
          response.on('end', () => {
            resolve({
              status: response.statusCode ?? 0,
              code: readCode(Buffer.concat(chunks).toString()),
              durationMs: performance.now() - startedAt,
              localPort,
              place,
            });
          });
        });
        outgoing.end(bytes);
      }),
    close: () => {
      agent.destroy();
    },
  };
}

/** Whether the sender may forget the push: it is in the receiver's hands now. */
export function isKept({ status, code }: PushAnswer): boolean {
  return status === 200 && typeof code === 'number';
}

function readCode(body: string): unknown {
  try {
    return (JSON.parse(body) as { code?: unknown }).code;
  } catch {
    return undefined;
  }
}
