import type { StoreError } from '../store-error.js';

/** PostgreSQL undid it for the sake of another, or it has not begun: it may be repeated at once. */
export class Repeatable extends Error {
  constructor(
    override readonly cause: StoreError,
    /** Whether a connection of before would only say the same again. */
    readonly needsNewConnection = false,
  ) {
    super(cause.message);
  }
}

/**
 * What says that a statement is not known on its connection as it was prepared. Undefined: something else is wrong.
 * `pooler`: it has handed us the session of another. `schema`: a newer process beside us has changed what it returns.
 */
export function forgottenBy(error: unknown): 'pooler' | 'schema' | undefined {
  const { code, message = '' } = error as { code?: string; message?: string };
  // invalid_sql_statement_name, duplicate_prepared_statement
  if (code === '26000' || code === '42P05') return 'pooler';
  // feature_not_supported, which is said in English where the server speaks it; its routine has no translation.
  const { routine } = error as { routine?: string };
  return code === '0A000' && (routine === 'RevalidateCachedQuery' || /cached plan/.test(message))
    ? 'schema'
    : undefined;
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
