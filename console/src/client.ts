import { createContext, use } from 'react';
import type { createClient } from '../../src/contract/client.ts';

export type Client = ReturnType<typeof createClient>;

export const ClientContext = createContext<Client | undefined>(undefined);

/** The API, as whoever is signed in: the session's cookie goes along by itself. */
export function useClient(): Client {
  const client = use(ClientContext);
  if (!client) throw new Error('ClientContext is missing.');
  return client;
}
