import { Agent, request } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import type { CallPage } from '../../src/contract/calls.js';
import type { Status } from '../../src/contract/status.js';

export interface ApiAnswer {
  readonly status: number;
  readonly body: string;
  /** From the request to the last byte of the answer. */
  readonly durationMs: number;
}

/** The API over one kept connection, with the time that each answer took. */
export class ApiClient {
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 1 });

  constructor(
    private readonly port: number,
    private readonly apiKey: string,
  ) {}

  get(path: string): Promise<ApiAnswer> {
    return this.#send('GET', path);
  }

  #send(method: 'GET' | 'POST', path: string, body?: string): Promise<ApiAnswer> {
    const startedAt = performance.now();
    return new Promise((resolve, reject) => {
      const asked = request(
        {
          host: '127.0.0.1',
          port: this.port,
          method,
          path,
          agent: this.#agent,
          headers: {
            authorization: `Bearer ${this.apiKey}`,
            ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          },
        },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.once('end', () =>
            resolve({
              status: response.statusCode ?? 0,
              body: Buffer.concat(chunks).toString(),
              durationMs: performance.now() - startedAt,
            }),
          );
        },
      );
      asked.once('error', reject);
      asked.end(body);
    });
  }

  async status(): Promise<Status> {
    return await this.#read<Status>('/api/v1/status');
  }

  /** An endpoint that gets everything from the journal's beginning; patient, so that a busy machine is no failure. */
  async createEndpoint(url: string): Promise<void> {
    const { status, body } = await this.#send(
      'POST',
      '/api/v1/endpoints',
      JSON.stringify({ url, start: 'beginning', timeoutMs: 5_000 }),
    );
    if (status !== 201) throw new Error(`an endpoint could not be made: ${status} ${body.slice(0, 300)}`);
  }

  async searchCalls(query: Record<string, string>): Promise<CallPage> {
    return await this.#read<CallPage>(`/api/v1/calls?${new URLSearchParams(query).toString()}`);
  }

  /** Polls the status until `isReached`; the status then, and how long it took. Throws when time runs out. */
  async waitForStatus(
    isReached: (status: Status) => boolean,
    { everyMs, timeoutMs, what }: { everyMs: number; timeoutMs: number; what: string },
  ): Promise<{ status: Status; waitedMs: number }> {
    const startedAt = performance.now();
    while (true) {
      const status = await this.status();
      const waitedMs = performance.now() - startedAt;
      if (isReached(status)) return { status, waitedMs };
      if (waitedMs > timeoutMs) {
        throw new Error(`${what}: not after ${Math.round(waitedMs)} ms: ${JSON.stringify(status)}`);
      }
      await wait(everyMs);
    }
  }

  close(): void {
    this.#agent.destroy();
  }

  async #read<Answer>(path: string): Promise<Answer> {
    const { status, body } = await this.get(path);
    if (status !== 200) throw new Error(`${path.split('?')[0]} answered ${status}: ${body.slice(0, 300)}`);
    return JSON.parse(body) as Answer;
  }
}
