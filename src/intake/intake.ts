import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../domain/clock.js';
import { received } from '../protocol/acknowledgement.js';
import { readCharset } from '../protocol/charset.js';
import type { ReceivedPush } from '../store/inbox.js';
import type { CommitResult, GroupCommit } from './group-commit.js';
import { looksLikePush } from './looks-like-push.js';
import type { PushPath } from './push-path.js';

/** How a push was answered. */
type PushAnswer =
  | 'acknowledged'
  | 'quarantined'
  | 'checked'
  | 'wrong-token'
  | 'unknown-type'
  | 'wrong-method'
  | 'too-large'
  | CommitResult;

export interface IntakeParts {
  readonly readPath: (url: string) => PushPath;
  readonly commit: Pick<GroupCommit, 'submit'>;
  readonly clock: Clock;
  /** Called once a push is durable, before its answer: never for one that will come again. */
  readonly onStored: (source: string, bytes: number) => void;
  /** Called for a request whose token is wrong or missing, with the address that it came from. */
  readonly onWrongToken?: (address: string) => void;
  /** Called after each answer, with the time it took. */
  readonly onAnswered: (status: number, durationMs: number, bytes: number) => void;
  readonly maxBodyBytes: number;
  /** Bytes of bodies that may be arriving at the same time. */
  readonly maxArrivingBytes: number;
}

/** Every answer on a push path is JSON with a numeric `code`, errors included (protocol page, section 1). */
const answers: Readonly<
  Record<Exclude<PushAnswer, 'stored'>, { status: number; code: number; msg: string }>
> = {
  acknowledged: { status: 200, code: received.code, msg: received.msg ?? '' },
  checked: { status: 200, code: received.code, msg: received.msg ?? '' },
  quarantined: {
    status: 200,
    code: 1,
    msg: 'This is no JSON array of messages. It was kept and went to quarantine.',
  },
  'wrong-token': { status: 404, code: 404, msg: 'Not found' },
  'unknown-type': {
    status: 404,
    code: 404,
    msg: 'The path names no message type. Leave it out, or name AlicomAgentCallRecord, AlicomAgentCallReport or AlicomAgentCallNote.',
  },
  'wrong-method': {
    status: 405,
    code: 405,
    msg: 'Send pushes with POST; GET and HEAD check the connection.',
  },
  'too-large': {
    status: 413,
    code: 413,
    msg: 'The push is larger than the limit of 64 MiB. Send it in smaller batches.',
  },
  late: { status: 503, code: 503, msg: 'The push could not be stored in time. Send it again.' },
  failed: { status: 503, code: 503, msg: 'The push could not be stored. Send it again.' },
  overloaded: { status: 503, code: 503, msg: 'Too many pushes are waiting. Send it again.' },
};

interface Prepared {
  readonly status: number;
  readonly headers: string[];
  readonly body: Buffer;
}

const prepared = Object.fromEntries(
  Object.entries(answers).map(([name, { status, code, msg }]): [string, Prepared] => {
    const body = Buffer.from(JSON.stringify({ code, msg }));
    const headers = [
      'Content-Type',
      'application/json; charset=utf-8',
      'Content-Length',
      String(body.length),
    ];
    if (status === 405) headers.push('Allow', 'GET, HEAD, POST');
    // Of a body that will not be read nobody knows where it ends: the connection is done with.
    if (status === 413) headers.push('Connection', 'close');
    return [name, { status, headers, body }];
  }),
) as Readonly<Record<Exclude<PushAnswer, 'stored'>, Prepared>>;

/**
 * Receives pushes. It does one thing before it acknowledges: the bytes, exactly as they came, go into the
 * inbox, durably. It parses nothing and looks nothing up, so no input can hurt it and every acknowledgement
 * costs the same.
 */
export class Intake {
  #arrivingBytes = 0;

  constructor(private readonly parts: IntakeParts) {}

  handle(request: IncomingMessage, response: ServerResponse): void {
    const startedAt = performance.now();
    const finish = (answer: Exclude<PushAnswer, 'stored'>, bytes = 0): void => {
      respond(request, response, answer);
      this.parts.onAnswered(answers[answer].status, performance.now() - startedAt, bytes);
    };
    const path = this.parts.readPath(request.url ?? '');
    if (path.kind !== 'source') {
      if (path.kind === 'wrong-token') this.parts.onWrongToken?.(request.socket.remoteAddress ?? '');
      finish(path.kind);
      return;
    }
    switch (request.method) {
      case 'POST':
        this.#receive(request, path, finish);
        return;
      case 'GET':
      case 'HEAD':
        finish('checked');
        return;
      default:
        finish('wrong-method');
    }
  }

  #receive(
    request: IncomingMessage,
    path: Extract<PushPath, { kind: 'source' }>,
    finish: (answer: Exclude<PushAnswer, 'stored'>, bytes?: number) => void,
  ): void {
    if (Number(request.headers['content-length'] ?? 0) > this.parts.maxBodyBytes) {
      finish('too-large');
      return;
    }
    const chunks: Buffer[] = [];
    let bytes = 0;
    let isOver = false;
    const leave = (): void => {
      isOver = true;
      this.#arrivingBytes -= bytes;
    };
    request.on('data', (chunk: Buffer) => {
      if (isOver) return;
      bytes += chunk.length;
      this.#arrivingBytes += chunk.length;
      const tooLarge = bytes > this.parts.maxBodyBytes;
      if (tooLarge || this.#arrivingBytes > this.parts.maxArrivingBytes) {
        leave();
        chunks.length = 0;
        finish(tooLarge ? 'too-large' : 'overloaded', bytes);
        return;
      }
      chunks.push(chunk);
    });
    request.on('end', () => {
      if (isOver) return;
      leave();
      this.#store(toPush(request, path, chunks, this.parts.clock()), finish);
    });
    // An upload that breaks off leaves nothing: no `end` comes, and what had arrived is dropped with the request.
    request.on('close', () => {
      if (!isOver) leave();
    });
  }

  #store(push: ReceivedPush, finish: (answer: Exclude<PushAnswer, 'stored'>, bytes?: number) => void): void {
    const bytes = push.body.byteLength;
    if (bytes === 0) {
      finish('acknowledged');
      return;
    }
    this.parts.commit.submit(push, (result) => {
      if (result !== 'stored') {
        finish(result, bytes);
        return;
      }
      this.parts.onStored(push.source, bytes);
      finish(looksLikePush(push.body) ? 'acknowledged' : 'quarantined', bytes);
    });
  }
}

function toPush(
  request: IncomingMessage,
  { source, pathType }: Extract<PushPath, { kind: 'source' }>,
  chunks: readonly Buffer[],
  receivedAt: number,
): ReceivedPush {
  const contentEncoding = request.headers['content-encoding'];
  const charset = readCharset(request.headers['content-type']);
  return {
    receivedAt,
    source,
    remoteAddress: request.socket.remoteAddress ?? '',
    body: chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks),
    ...(pathType ? { pathType } : {}),
    ...(contentEncoding === undefined ? {} : { contentEncoding }),
    ...(charset === undefined ? {} : { charset }),
  };
}

function respond(
  request: IncomingMessage,
  response: ServerResponse,
  answer: Exclude<PushAnswer, 'stored'>,
): void {
  if (response.headersSent || response.destroyed) return;
  const { status, headers, body } = prepared[answer];
  response.writeHead(status, headers);
  response.end(request.method === 'HEAD' ? undefined : body);
}
