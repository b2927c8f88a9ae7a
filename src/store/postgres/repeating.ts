import type { StoreError } from '../store-error.js';

/** PostgreSQL undid it for the sake of another, or it has not begun: it may be repeated at once. */
export class Repeatable extends Error {
  constructor(override readonly cause: StoreError) {
    super(cause.message);
  }
}

const attempts = 5;

/** Runs `work` anew as long as it says that it may be, a few times; then its cause is thrown. */
export async function repeating<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof Repeatable)) throw error;
      if (attempt >= attempts) throw error.cause;
    }
  }
}
