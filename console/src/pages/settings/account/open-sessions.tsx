import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useClient } from '../../../client.ts';
import { ProblemAlert } from '../../../parts/problem-alert.tsx';
import { queryKeys } from '../../../query-keys.ts';
import { SessionTable } from '../session-table.tsx';

/** The browsers that are signed in with one's account. */
export function OpenSessions() {
  const client = useClient();
  const queryClient = useQueryClient();
  const sessions = useQuery({ queryKey: queryKeys.sessions, queryFn: () => client.session.list() });
  const end = useMutation({
    mutationFn: (id: string) => client.session.end(id),
    onSettled: () => queryClient.invalidateQueries({ queryKey: queryKeys.sessions }),
  });
  const error = sessions.error ?? end.error;
  return (
    <>
      {error && <ProblemAlert error={error} />}
      <SessionTable sessions={sessions.data?.items ?? []} onEnd={(id) => end.mutate(id)} />
    </>
  );
}
