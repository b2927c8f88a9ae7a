import { useSyncExternalStore } from 'react';

const everyMs = 60_000;

function subscribe(listener: () => void): () => void {
  const timer = setInterval(listener, everyMs);
  return () => clearInterval(timer);
}

const startOfToday = (): number => new Date().setHours(0, 0, 0, 0);

/** Midnight that has just been, in the zone of the browser, in ms. */
export function useStartOfToday(): number {
  return useSyncExternalStore(subscribe, startOfToday);
}
