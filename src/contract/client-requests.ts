import type { Problem } from './problem.js';

export interface ClientOptions {
  /** Where the server is reached: `http://127.0.0.1:8080`; a path prefix is kept. Empty: where the page came from. */
  readonly baseUrl: string;
  /** Absent in a browser that is signed in: its cookie says who asks. */
  readonly apiKey?: string;
  /** Of the session, for requests that change something. */
  readonly csrfToken?: () => string | undefined;
  readonly fetch?: typeof fetch;
}

/** The server said no. `code` is a word of docs/errors.md; `unexpected-answer` where something else answered. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';
  readonly code: string;
  readonly remedy: string | undefined;

  constructor(
    readonly status: number,
    problem: Partial<Problem>,
  ) {
    super(problem.detail ?? problem.title ?? `The server answered ${status}.`);
    this.code = problem.code ?? 'unexpected-answer';
    this.remedy = problem.remedy;
  }
}

/** How requests are sent and answers read, whatever they are about; rejects as `createClient` does. */
export function createRequests(options: ClientOptions) {
  const root = options.baseUrl.replace(/\/+$/, '');
  const request = options.fetch ?? fetch;

  async function send(method: string, path: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers);
    if (options.apiKey !== undefined) headers.set('authorization', `Bearer ${options.apiKey}`);
    const csrfToken = method === 'GET' ? undefined : options.csrfToken?.();
    if (csrfToken !== undefined) headers.set('x-csrf-token', csrfToken);
    const response = await request(`${root}/api/v1/${path}`, { ...init, method, headers });
    if (!response.ok) throw new ApiProblem(response.status, await readProblem(response));
    return response;
  }

  async function get<Answer>(path: string, parameters: object = {}): Promise<Answer> {
    const response = await send('GET', path + toQuery(parameters));
    return (await response.json()) as Answer;
  }

  /** A request that changes something; `body` as JSON where there is one. */
  async function act<Answer>(method: string, path: string, body?: object): Promise<Answer> {
    const response = await send(method, path, body === undefined ? {} : json(body));
    return (await response.json()) as Answer;
  }

  /** A request whose answer is empty. */
  async function tell(method: string, path: string, body?: object): Promise<void> {
    await send(method, path, body === undefined ? {} : json(body));
  }

  return { root, send, get, act, tell };
}

export function json(value: unknown): RequestInit {
  return { body: JSON.stringify(value), headers: { 'content-type': 'application/json' } };
}

async function readProblem(response: Response): Promise<Partial<Problem>> {
  // A proxy in between may answer with a page of its own.
  const type = response.headers.get('content-type') ?? '';
  if (!type.includes('json')) return {};
  return (await response.json().catch(() => ({}))) as Partial<Problem>;
}

/** Below `api/v1/`, as is every path here. */
export function callPath(callId: string, part?: string): string {
  return `calls/${encodeURIComponent(callId)}${part === undefined ? '' : `/${part}`}`;
}

export function endpointPath(id: string, act?: string): string {
  return `endpoints/${encodeURIComponent(id)}${act === undefined ? '' : `/${act}`}`;
}

export function recordingPath(id: string, act?: string): string {
  return `recordings/${encodeURIComponent(id)}${act === undefined ? '' : `/${act}`}`;
}

/** Parameters that have a value, with their `?`. */
export function toQuery(parameters: object): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined) query.set(name, String(value));
  }
  return query.size === 0 ? '' : `?${query}`;
}
