import { createContext, use } from 'react';
import type { createClient } from '../../src/contract/client.ts';

export type Client = ReturnType<typeof createClient>;

export const ClientContext = createContext<Client | undefined>(undefined);

/** Nothing came from the server, or not all of it. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer';
}

/** `fetch` with the whole of the answer, so that one which breaks off is none. Rejects with `NoAnswer`. */
export async function fetchWhole(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
  try {
    const response = await fetch(input, init);
    const bytes = await response.arrayBuffer();
    return new Response(bytes.byteLength === 0 ? null : bytes, response);
  } catch (cause) {
    throw new NoAnswer('There was no answer.', { cause });
  }
}

/** The API, as whoever is signed in: the session's cookie goes along by itself. */
export function useClient(): Client {
  const client = use(ClientContext);
  if (!client) throw new Error('ClientContext is missing.');
  return client;
}
