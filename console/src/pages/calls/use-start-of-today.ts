import { useSyncExternalStore } from 'react';

const everyMs = 60_000;

function subscribe(listener: () => void): () => void {
  const timer = setInterval(listener, everyMs);
  return () => clearInterval(timer);
}

/** Midnight that has just been, in the zone of the browser, in ms. */
export const startOfToday = (): number => new Date().setHours(0, 0, 0, 0);

/** The same, for as long as the page is open. */
export function useStartOfToday(): number {
  return useSyncExternalStore(subscribe, startOfToday);
}
