import { ProblemAlert } from './problem-alert.tsx';
import { PagePending } from './page-pending.tsx';

export interface Answer {
  readonly error: Error | null;
  readonly isPending: boolean;
  refetch: () => Promise<unknown>;
}

/** That an answer is on its way, or why none came; of one that is there, only what went wrong since. */
export function AnswerState({ of: { error, isPending, refetch } }: { readonly of: Answer }) {
  if (error) return <ProblemAlert error={error} onRetry={() => void refetch()} />;
  return isPending && <PagePending />;
}
