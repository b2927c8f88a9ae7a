import { useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { useRouteContext } from '@tanstack/react-router';
import type { RightWord, SessionState } from '../../../src/contract/session.ts';
import { useClient } from '../client.ts';
import { queryKeys } from '../query-keys.ts';
import { sessionQuery } from './session-query.ts';

export type Account = NonNullable<SessionState['account']>;

export function useSession(): SessionState {
  return useSuspenseQuery(sessionQuery(useClient())).data;
}

/**
 * Whoever is signed in; only below the shell, which lets nobody else in. It is the shell's, not the query's: where
 * a session ends, what is still shown on the way to the sign-in page goes on having its account.
 */
export function useAccount(): Account {
  return useRouteContext({ from: '/shell', select: ({ account }) => account });
}

/** Whether the signed-in account may do this. The server judges by itself; this hides what would be refused. */
export function useMay(right: RightWord): boolean {
  return useAccount().rights.includes(right);
}

/** Sending again hands out links, and so the audio. */
export function useMayReplay(): boolean {
  const { rights } = useAccount();
  return rights.includes('operate') && rights.includes('download');
}

/** What a sign-in answered becomes what the page knows. */
export function useKeepSession(): (session: SessionState) => void {
  const queryClient = useQueryClient();
  return (session) => queryClient.setQueryData(queryKeys.session, session);
}
