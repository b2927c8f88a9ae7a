import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { useClient } from '../client.ts';
import { queryKeys } from '../query-keys.ts';
import { useSession } from './use-session.ts';

/** Ends the session. Nothing that was fetched under it stays in the page. */
export function useSignOut() {
  const client = useClient();
  const queryClient = useQueryClient();
  const router = useRouter();
  const { account, singleSignOn } = useSession();
  return useMutation({
    mutationFn: () => client.session.signOut(),
    onSuccess: async () => {
      if (singleSignOn && account?.hasPassword === false) {
        // Whoever signed in elsewhere signs out there, too; the page comes back by itself.
        globalThis.location.assign(`${singleSignOn.path}/sign-out`);
        return;
      }
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
