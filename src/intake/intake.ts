import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../domain/clock.js';
import { received } from '../protocol/acknowledgement.js';
import { readCharset } from '../protocol/charset.js';
import type { ReceivedPush } from '../store/inbox.js';
import { codingsOf } from '../protocol/content-coding.js';
import { type ArrivalRoom, SlowUploads, type Upload } from './arrival-room.js';
import { GatheredBytes, inviteBody, looksLikePush } from './gathered-bytes.js';
import type { CommitResult, GroupCommit } from './group-commit.js';
import type { PushPath } from '../domain/push-path.js';

/** How a push was answered. */
type PushAnswer =
  | 'acknowledged'
  | 'quarantined'
  | 'checked'
  | 'wrong-token'
  | 'unknown-type'
  | 'wrong-method'
  | 'too-large'
  | 'too-slow'
  | 'unknown-coding'
  | 'over-limit'
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
  /** For bodies that are arriving. */
  readonly room: Pick<ArrivalRoom, 'take' | 'giveBack'>;
  /** Of what a source may send in a day. False: it may not send so much more. */
  readonly allowance: {
    take(source: string, bytes: number): boolean;
    giveBack(source: string, bytes: number): void;
  };
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
  'too-slow': {
    status: 408,
    code: 408,
    msg: 'The push stopped on its way, or came too slowly. Send it again.',
  },
  'unknown-coding': {
    status: 415,
    code: 415,
    msg: 'The push has a Content-Encoding that cannot be unpacked. Send it plain, or as gzip, deflate or br.',
  },
  'over-limit': {
    status: 503,
    code: 503,
    msg: 'This source has sent what it may in one day. Send it again.',
  },
  late: { status: 503, code: 503, msg: 'The push could not be stored in time. Send it again.' },
  failed: { status: 503, code: 503, msg: 'The push could not be stored. Send it again.' },
  overloaded: { status: 503, code: 503, msg: 'Too many pushes are waiting. Send it again.' },
};

type Finish = (answer: Exclude<PushAnswer, 'stored'>, bytes?: number) => void;

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
    if (status === 415) headers.push('Accept-Encoding', 'gzip, deflate, br');
    // Of a body that will not be read nobody knows where it ends: the connection is done with.
    if (status === 413 || status === 408) headers.push('Connection', 'close');
    return [name, { status, headers, body }];
  }),
) as Readonly<Record<Exclude<PushAnswer, 'stored'>, Prepared>>;

/**
 * Receives pushes. It does one thing before it acknowledges: the bytes, exactly as they came, go into the
 * inbox, durably. It parses nothing and looks nothing up, so no input can hurt it and every acknowledgement
 * costs the same.
 */
export class Intake {
  readonly #slow = new SlowUploads();

  constructor(private readonly parts: IntakeParts) {}

  /** `onKnown` is called once the token is known to be right. */
  handle(request: IncomingMessage, response: ServerResponse, onKnown: () => void): void {
    const startedAt = performance.now();
    const finish: Finish = (answer, bytes = 0) => {
      respond(request, response, answer);
      this.parts.onAnswered(answers[answer].status, performance.now() - startedAt, bytes);
    };
    const path = this.parts.readPath(request.url ?? '');
    if (path.kind !== 'source') {
      if (path.kind === 'wrong-token') this.parts.onWrongToken?.(request.socket.remoteAddress ?? '');
      finish(path.kind);
      return;
    }
    onKnown();
    switch (request.method) {
      case 'POST':
        this.#receive(request, response, path, finish);
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
    response: ServerResponse,
    path: Extract<PushPath, { kind: 'source' }>,
    finish: Finish,
  ): void {
    const { room, maxBodyBytes, clock } = this.parts;
    const { 'content-length': length = 0, 'content-encoding': coding } = request.headers;
    if (Number(length) > maxBodyBytes) {
      finish('too-large');
      return;
    }
    if (coding !== undefined && !codingsOf(coding)) {
      finish('unknown-coding');
      return;
    }
    inviteBody(request, response);
    const body = new GatheredBytes();
    let isOver = false;
    const leave = (): void => {
      isOver = true;
      this.#slow.forget(upload);
      room.giveBack(path.source, body.length);
    };
    const refuse = (answer: 'too-large' | 'too-slow' | 'overloaded'): void => {
      const bytes = body.length;
      leave();
      body.clear();
      finish(answer, bytes);
    };
    const upload: Upload = {
      bytes: () => body.length,
      onTooSlow: () => {
        refuse('too-slow');
      },
    };
    this.#slow.watch(upload);
    request.on('data', (chunk: Buffer) => {
      if (isOver) return;
      if (body.length + chunk.length > maxBodyBytes) refuse('too-large');
      else if (room.take(path.source, chunk.length)) body.add(chunk);
      else refuse('overloaded');
    });
    request.on('end', () => {
      if (isOver) return;
      leave();
      this.#store(toPush(request, path, body.whole(), clock()), finish);
    });
    // An upload that breaks off leaves nothing: no `end` comes, and what had arrived is dropped with the request.
    request.on('close', () => {
      if (!isOver) leave();
    });
  }

  #store(push: ReceivedPush, finish: Finish): void {
    const bytes = push.body.byteLength;
    if (bytes === 0) {
      finish('acknowledged');
      return;
    }
    const { allowance } = this.parts;
    if (!allowance.take(push.source, bytes)) {
      finish('over-limit', bytes);
      return;
    }
    this.parts.commit.submit(push, (result) => {
      if (result !== 'stored') {
        allowance.giveBack(push.source, bytes);
        finish(result, bytes);
        return;
      }
      this.parts.onStored(push.source, bytes);
      const mayBePush = isPacked(push) || looksLikePush(push.body);
      finish(mayBePush ? 'acknowledged' : 'quarantined', bytes);
    });
  }
}

function isPacked({ contentEncoding }: ReceivedPush): boolean {
  return contentEncoding !== undefined && codingsOf(contentEncoding)?.length !== 0;
}

function toPush(
  request: IncomingMessage,
  { source, pathType }: Extract<PushPath, { kind: 'source' }>,
  body: Buffer,
  receivedAt: number,
): ReceivedPush {
  const contentEncoding = request.headers['content-encoding'];
  const charset = readCharset(request.headers['content-type']);
  return {
    receivedAt,
    source,
    remoteAddress: request.socket.remoteAddress ?? '',
    body,
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
