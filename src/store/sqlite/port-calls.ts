import type { MessagePort } from 'node:worker_threads';
import { StoreError, type StoreErrorKind } from '../store-error.js';

/**
 * Whole operations cross the thread, not statements: a role's method is called here and runs there.
 * `serve` answers calls on a port with the given roles; `callerOf` makes a role out of a port.
 */
export type Roles = Readonly<Record<string, object>>;

interface Call {
  readonly id: number;
  readonly role: string;
  readonly method: string;
  readonly args: readonly unknown[];
}

type Answer =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly failure: { message: string; kind?: StoreErrorKind; stack?: string } };

export function serve(port: MessagePort, roles: Roles): void {
  port.on('message', (call: Call) => {
    void answer(roles, call).then((message) => {
      port.postMessage(message);
    });
  });
}

async function answer(roles: Roles, { id, role, method, args }: Call): Promise<Answer> {
  try {
    const target = roles[role] as Record<string, (...args: readonly unknown[]) => unknown>;
    const operation = target[method];
    if (!operation) throw new Error(`no operation ${role}.${method}`);
    return { id, value: await operation.apply(target, args as unknown[]) };
  } catch (error) {
    const { message, stack } = error as Error;
    const failure = { message, ...(stack === undefined ? {} : { stack }) };
    return { id, failure: error instanceof StoreError ? { ...failure, kind: error.kind } : failure };
  }
}

/** The calling end of a port. Every call that is still open when the port closes fails with `closed`. */
export class PortCaller {
  readonly #port: MessagePort;
  readonly #open = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  #nextId = 1;
  /** Why calls are refused, once they are. */
  #refusal: Error | undefined;
  #isGone = false;

  constructor(port: MessagePort) {
    this.#port = port;
    port.on('message', (answer: Answer) => {
      const call = this.#open.get(answer.id);
      if (!call) return;
      this.#open.delete(answer.id);
      if ('failure' in answer) call.reject(toError(answer.failure));
      else call.resolve(answer.value);
    });
    port.on('close', () => {
      this.fail();
    });
  }

  /** The role `name` at the other end: each method of T becomes a call. */
  role<T extends object>(name: string): T {
    return new Proxy({} as T, {
      get: (_target, method) => {
        // A role is no promise: without this, returning one from an async function would call `then` on it.
        if (typeof method !== 'string' || method === 'then') return undefined;
        return (...args: unknown[]) => this.call(name, method, args);
      },
    });
  }

  call(
    role: string,
    method: string,
    args: readonly unknown[],
    transfer: readonly ArrayBuffer[] = [],
  ): Promise<unknown> {
    if (this.#refusal) return Promise.reject(this.#refusal);
    return this.#send(role, method, args, transfer);
  }

  /** From now on calls fail with `closed`; those under way are answered. */
  refuse(): void {
    this.#refusal ??= closedError();
  }

  /** A call by the one who had all others refused. It is answered after every one that came before. */
  callLast(role: string, method: string): Promise<unknown> {
    return this.#isGone ? Promise.reject(closedError()) : this.#send(role, method, []);
  }

  #send(
    role: string,
    method: string,
    args: readonly unknown[],
    transfer: readonly ArrayBuffer[] = [],
  ): Promise<unknown> {
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      this.#open.set(id, { resolve, reject });
      this.#port.postMessage({ id, role, method, args } satisfies Call, [...transfer]);
    });
  }

  /** Fails what is open and what comes: the other end is gone. */
  fail(error: Error = closedError()): void {
    this.#isGone = true;
    this.#refusal = error;
    for (const call of this.#open.values()) call.reject(error);
    this.#open.clear();
  }
}

function closedError(): StoreError {
  return new StoreError('closed', 'the store is closed');
}

function toError(failure: { message: string; kind?: StoreErrorKind; stack?: string }): Error {
  if (failure.kind) return new StoreError(failure.kind, failure.message);
  const error = new Error(failure.message);
  if (failure.stack !== undefined) error.stack = failure.stack;
  return error;
}
