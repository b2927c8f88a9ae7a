import { Agent, request } from 'undici';
import { connectPassingOverInterim } from '../../net/interim-answers.js';
import { connectionFailure } from '../push/push-attempt.js';
import type { ExamAnswer } from './exam-answer.js';
import type { ExamPush } from './exam-push.js';
import type { Clock } from '../../domain/clock.js';
import { signPush, toWebhookSecret } from '../../protocol/webhook-signature.js';

export interface ExamClient {
  /** Sends one request and waits for its whole answer. Never rejects for what the receiver does. */
  send(method: 'POST' | 'GET' | 'HEAD', push?: ExamPush, options?: SendOptions): Promise<ExamAnswer>;
  /** Connections opened so far. */
  readonly connections: () => number;
  close(): Promise<void>;
}

export interface SendOptions {
  readonly patienceMs?: number;
  /** Over a connection of its own. */
  readonly isFresh?: boolean;
  /** Where pushes are signed at all. Default: `right`. */
  readonly signature?: SignatureKind;
}

interface ExamClientSettings {
  readonly to: string;
  readonly signer: ExamSigner;
  /** Longer than a sender's, so that a late answer can be told from none. */
  readonly patienceMs: number;
  readonly stopwatch: () => number;
  readonly signal: AbortSignal;
}

const maxAnswerBytes = 65_536;
const maxConnections = 256;

export function createExamClient(settings: ExamClientSettings): ExamClient {
  let connections = 0;
  const openAgent = (): Agent =>
    new Agent({ connections: maxConnections, pipelining: 1, connect: connectPassingOverInterim }).on(
      'connect',
      () => {
        connections += 1;
      },
    );
  const kept = openAgent();
  return {
    send: async (method, push, options = {}) => {
      const { patienceMs = settings.patienceMs, isFresh = false, signature = 'right' } = options;
      const agent = isFresh ? openAgent() : kept;
      try {
        return await sendOnce(agent, settings, { method, push, patienceMs, signature });
      } finally {
        if (isFresh) await agent.destroy();
      }
    },
    connections: () => connections,
    close: () => kept.destroy(),
  };
}

interface ExamRequest {
  readonly method: 'POST' | 'GET' | 'HEAD';
  readonly push: ExamPush | undefined;
  readonly patienceMs: number;
  readonly signature: SignatureKind;
}

async function sendOnce(
  agent: Agent,
  { to, signer, stopwatch, signal }: ExamClientSettings,
  { method, push, patienceMs, signature }: ExamRequest,
): Promise<ExamAnswer> {
  const patience = new AbortController();
  const stop = (): void => {
    patience.abort();
  };
  const timer = setTimeout(stop, patienceMs);
  signal.addEventListener('abort', stop);
  if (signal.aborted) stop();
  const startedAt = stopwatch();
  try {
    const answer = await request(to, {
      dispatcher: agent,
      method,
      headers: {
        'user-agent': 'earshot-conformance',
        ...(push ? { ...push.headers, ...signer(push, signature) } : {}),
      },
      ...(push ? { body: push.body } : {}),
      signal: patience.signal,
    });
    const { text, isTooLong } = await readBody(answer.body as AsyncIterable<Buffer>);
    return {
      kind: 'answer',
      status: answer.statusCode,
      contentType: String(answer.headers['content-type'] ?? ''),
      body: text,
      isTooLong,
      durationMs: stopwatch() - startedAt,
    };
  } catch (error) {
    const reason = patience.signal.aborted ? 'timeout' : connectionFailure(error);
    return { kind: 'none', reason, durationMs: stopwatch() - startedAt };
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
  }
}

async function readBody(body: AsyncIterable<Buffer>): Promise<{ text: string; isTooLong: boolean }> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > maxAnswerBytes) return { text: Buffer.concat(chunks).toString(), isTooLong: true };
    chunks.push(chunk);
  }
  return { text: Buffer.concat(chunks).toString(), isTooLong: false };
}

export type SignatureKind = 'right' | 'none' | 'wrong' | 'old';

/** The headers that sign a push; none where the receiver has no secret. */
export type ExamSigner = (push: ExamPush, kind: SignatureKind) => Readonly<Record<string, string>>;

const oldMs = 60 * 60 * 1000;

/** @throws RangeError for a secret that is none. */
export function createExamSigner(secret: string | undefined, clock: Clock): ExamSigner {
  if (secret === undefined) return () => ({});
  const sign = ({ webhookId, body }: Pick<ExamPush, 'webhookId' | 'body'>, key: string, at: number) => ({
    ...signPush({ webhookId, at, body, secrets: [key] }),
  });
  // A slip in the secret is found now, not with the first push.
  sign({ webhookId: '', body: Buffer.alloc(0) }, secret, 0);
  const wrongSecret = toWebhookSecret(Buffer.alloc(32, 'earshot-conformance'));
  return (push, kind) => {
    switch (kind) {
      case 'none':
        return {};
      case 'wrong':
        return sign(push, wrongSecret, clock());
      case 'old':
        return sign(push, secret, clock() - oldMs);
      case 'right':
        return sign(push, secret, clock());
    }
  };
}
