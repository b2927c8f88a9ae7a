import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { useClient } from '../client.ts';
import { queryKeys } from '../query-keys.ts';

/** Ends the session. Nothing that was fetched under it stays in the page. */
export function useSignOut() {
  const client = useClient();
  const queryClient = useQueryClient();
  const router = useRouter();
  return useMutation({
    mutationFn: () => client.session.signOut(),
    onSuccess: async () => {
      await leave();
      queryClient.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== queryKeys.session[0] });
    },
  });

  /** The router finds nobody signed in and goes to the sign-in page; what is shown until then must not ask again. */
  async function leave(): Promise<void> {
    const session = await client.session.get();
    await queryClient.cancelQueries();
    queryClient.setQueryData(queryKeys.session, session);
    await router.invalidate();
  }
}
