import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import type { i18n as I18n } from 'i18next';
import { ApiProblem, createClient } from '../../src/contract/client.ts';
import type { SessionState } from '../../src/contract/session.ts';
import { fetchWhole, type Client } from './client.ts';
import { addTexts, startI18n } from './i18n/start-i18n.ts';
import { LiveEvents } from './live/live-events.ts';
import { queryKeys } from './query-keys.ts';
import { createConsoleRouter, type ConsoleRouter } from './routes.tsx';
import { createProvenFetch, ProofPrompt } from './session/proof-prompt.ts';
import { settledWithin } from './settled-within.ts';
import { readStyleNonce } from './theme/style-nonce.ts';

/** After that the reader sees that something is under way. */
const firstPictureMs = 1_000;

/** What is made once and lives as long as the page. */
export interface Services {
  readonly client: Client;
  readonly proofPrompt: ProofPrompt;
  readonly live: LiveEvents;
  readonly queryClient: QueryClient;
  readonly i18n: I18n;
  readonly router: ConsoleRouter;
  readonly styleNonce: string;
}

export async function createServices(): Promise<Services> {
  const styleNonce = readStyleNonce();
  const { i18n, ready } = startI18n();
  const onError = (error: unknown): void => {
    if (error instanceof ApiProblem && (error.status === 401 || error.code === 'csrf-refused'))
      void askWhoIsSignedIn();
  };
  const queryClient = new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: { queries: { retry: isWorthRetrying, staleTime: 5_000 } },
  });
  const proofPrompt = new ProofPrompt();
  const csrfToken = () => queryClient.getQueryData<SessionState>(queryKeys.session)?.csrfToken;
  const askForProof = async (): Promise<boolean> => {
    await addTexts(i18n, ['sign-in']);
    return proofPrompt.ask();
  };
  const client = createClient({
    baseUrl: '',
    fetch: createProvenFetch({ fetch: fetchWhole, prompt: { ask: askForProof }, csrfToken }),
    csrfToken,
  });
  const hasEnded = (): boolean => queryClient.getQueryData(queryKeys.sessionEnded) !== undefined;
  // Before any dialog can hear it: Escape would close what lies under the one that signs in again.
  const keepOpen = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || !(hasEnded() || proofPrompt.isAsked())) return;
    event.stopImmediatePropagation();
    if (!hasEnded()) proofPrompt.answer(false);
  };
  window.addEventListener('keydown', keepOpen, { capture: true });
  const router = createConsoleRouter({ client, queryClient, i18n });
  // The first picture is the page itself, where it comes soon: not one that is drawn again a moment later.
  await Promise.all([ready, settledWithin(firstPictureMs, router.load())]);
  return {
    client,
    proofPrompt,
    live: new LiveEvents(client.liveAddress),
    queryClient,
    i18n,
    router,
    styleNonce,
  };

  /** Where somebody was signed in, the page stays, and they sign in again in place (session/session-ended.tsx). */
  async function askWhoIsSignedIn(): Promise<void> {
    const before = queryClient.getQueryData<SessionState>(queryKeys.session);
    if (!before?.account || hasEnded()) return;
    const [session] = await Promise.all([client.session.get(), addTexts(i18n, ['sign-in'])]);
    queryClient.setQueryData(queryKeys.sessionEnded, session);
  }
}

/** What the server has refused it will refuse again; a connection that broke may be there the next time. */
function isWorthRetrying(failures: number, error: Error): boolean {
  return !(error instanceof ApiProblem && error.status < 500) && failures < 2;
}
