import { ApiProblem } from '../../../../src/contract/client.ts';
import type { Recording } from '../../../../src/contract/recordings.ts';
import type { Client } from '../../client.ts';

export interface RetryRefusal {
  readonly recording: Recording;
  /** A word of docs/errors.md. */
  readonly code: string;
  readonly detail: string;
}

export interface RetryResult {
  readonly accepted: number;
  readonly refused: readonly RetryRefusal[];
}

/**
 * Asks for each download again. A refusal is a value, and the others go on; rejects where the server cannot be
 * reached.
 */
export async function retryAll(
  client: Pick<Client['recordings'], 'retry'>,
  recordings: readonly Recording[],
  onDone: (count: number) => void,
): Promise<RetryResult> {
  const refused: RetryRefusal[] = [];
  let accepted = 0;
  for (const recording of recordings) {
    try {
      await client.retry(recording.id);
      accepted += 1;
    } catch (error) {
      if (!(error instanceof ApiProblem) || error.status >= 500 || error.status === 401) throw error;
      refused.push({ recording, code: error.code, detail: error.message });
    }
    onDone(accepted + refused.length);
  }
  return { accepted, refused };
}
