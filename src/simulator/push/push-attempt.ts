import { Agent, request } from 'undici';
import { connectPassingOverInterim } from '../../net/interim-answers.js';
import type { PushBody } from './push-body.js';

/** What came of one attempt. `reason` is a short word or `status-N`; never an address, for it may hold a secret. */
export type AttemptResult =
  | { readonly kind: 'acknowledged'; readonly latencyMs: number }
  /** `isAnswered`: an HTTP answer came within the time-out, but no acknowledgement. */
  | {
      readonly kind: 'failed';
      readonly reason: string;
      readonly isAnswered: boolean;
      readonly latencyMs: number;
    }
  /** We were told to stop; counts as nothing. */
  | { readonly kind: 'stopped' };

export interface PushClient {
  attempt(body: PushBody, signal: AbortSignal): Promise<AttemptResult>;
  close(): Promise<void>;
}

/** A sender reads no more than this of an acknowledgement. */
const maxAnswerBytes = 65_536;

/**
 * Sends single attempts, as strict as the protocol (specification page, section 1): POST; `timeoutMs` for
 * everything from connecting to the answer's last byte; success is HTTP 200 and a JSON body whose `code` is a
 * number; no redirect is followed. Never rejects for what the peer does.
 */
export function createPushClient(settings: {
  to: string;
  timeoutMs: number;
  /** Most connections, and so attempts, at once. */
  concurrency: number;
  /** Milliseconds since any fixed moment, finer than whole ones if possible. */
  stopwatch: () => number;
}): PushClient {
  const agent = new Agent({
    connections: settings.concurrency,
    pipelining: 1,
    connect: connectPassingOverInterim,
  });
  return {
    async attempt(body, signal) {
      const startedAt = settings.stopwatch();
      const controller = new AbortController();
      const stop = (): void => {
        controller.abort();
      };
      if (signal.aborted) return { kind: 'stopped' };
      signal.addEventListener('abort', stop);
      const timer = setTimeout(stop, settings.timeoutMs);
      try {
        const verdict = await post(agent, settings.to, body, controller.signal);
        const latencyMs = settings.stopwatch() - startedAt;
        return verdict === 'acknowledged'
          ? { kind: 'acknowledged', latencyMs }
          : { kind: 'failed', reason: verdict, isAnswered: true, latencyMs };
      } catch (error) {
        if (signal.aborted) return { kind: 'stopped' };
        const reason = controller.signal.aborted ? 'timeout' : connectionFailure(error);
        return { kind: 'failed', reason, isAnswered: false, latencyMs: settings.stopwatch() - startedAt };
      } finally {
        clearTimeout(timer);
        signal.removeEventListener('abort', stop);
      }
    },
    close: () => agent.destroy(),
  };
}

/** `acknowledged`, or why the answer is no acknowledgement. Rejects where there is no answer. */
async function post(agent: Agent, to: string, body: PushBody, signal: AbortSignal): Promise<string> {
  const answer = await request(to, {
    dispatcher: agent,
    method: 'POST',
    headers: { 'user-agent': 'earshot-simulator', ...body.headers },
    body: body.bytes,
    signal,
  });
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of answer.body as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > maxAnswerBytes) return 'answer-too-long';
    chunks.push(chunk);
  }
  if (answer.statusCode !== 200) return `status-${answer.statusCode}`;
  return judgeAcknowledgement(Buffer.concat(chunks).toString());
}

function judgeAcknowledgement(text: string): string {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return 'body-not-json';
  }
  const hasCode =
    typeof body === 'object' && body !== null && 'code' in body && typeof body.code === 'number';
  return hasCode ? 'acknowledged' : 'code-not-a-number';
}

const refusals = new Set(['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'EADDRNOTAVAIL']);

/** Why no HTTP answer came, in a word; never an address, for it may hold a secret. */
export function connectionFailure(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (refusals.has(code)) return 'connection-refused';
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'dns-failure';
  if (code.startsWith('ERR_TLS') || code.includes('CERT')) return 'tls-failure';
  return 'connection-lost';
}
