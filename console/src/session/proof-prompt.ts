/**
 * Where a request that needs the password once more waits until it is given (session/prove-again.tsx), so that what was
 * done is done then, without being pressed again.
 */
export class ProofPrompt {
  #waiting: ((isProven: boolean) => void)[] = [];
  readonly #listeners = new Set<() => void>();

  /** Whether somebody is being asked. */
  readonly isAsked = (): boolean => this.#waiting.length > 0;

  /** False: they would rather not. */
  ask(): Promise<boolean> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      this.#tell();
    });
  }

  answer(isProven: boolean): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve(isProven);
    this.#tell();
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}

export interface ProvenFetchDeps {
  readonly fetch: typeof fetch;
  readonly prompt: Pick<ProofPrompt, 'ask'>;
  readonly csrfToken: () => string | undefined;
}

/** `fetch` that asks for the password where the server wants it once more, and repeats the request then. */
export function createProvenFetch({ fetch, prompt, csrfToken }: ProvenFetchDeps): typeof globalThis.fetch {
  return async (input, init) => {
    const response = await fetch(input, init);
    if (response.status !== 403 || !(await needsProof(response)) || !(await prompt.ask())) return response;
    const headers = new Headers(init?.headers);
    // A second sign-in opens another session, with a token of its own.
    headers.set('x-csrf-token', csrfToken() ?? '');
    return fetch(input, { ...init, headers });
  };
}

async function needsProof(response: Response): Promise<boolean> {
  try {
    const { code } = (await response.clone().json()) as { code?: unknown };
    return code === 'proof-required';
  } catch {
    return false;
  }
}
