import { createContext, use, useEffect, useRef } from 'react';
import type { LiveData, LiveEvents, LiveName } from './live-events.ts';

export const LiveContext = createContext<LiveEvents | undefined>(undefined);

/** Runs `onEvent` whenever the server tells of it, while the component is shown. Poll behind it: a proxy may hold events back. */
export function useLiveEvent<Name extends LiveName>(
  name: Name,
  onEvent: (data: LiveData[Name]) => void,
): void {
  const live = use(LiveContext);
  const latest = useRef(onEvent);
  useEffect(() => {
    latest.current = onEvent;
  });
  useEffect(() => live?.on(name, (data) => latest.current(data)), [live, name]);
}
