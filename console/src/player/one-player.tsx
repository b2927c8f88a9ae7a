import { useRouterState } from '@tanstack/react-router';
import { createContext, use, useCallback, useEffect, useMemo, useRef, useState, type ReactNode } from 'react';
import type { Call } from '../../../src/contract/calls.ts';
import type { Recording } from '../../../src/contract/recordings.ts';
import type { Waveform } from '../../../src/contract/waveforms.ts';
import { useClient } from '../client.ts';
import { createListenId } from './hearing-reporter.ts';
import { isPlayedByBrowsers } from './played-formats.ts';
import type { Player } from './player.ts';
import { silencesOf } from './speech.ts';
import { usePlayer } from './use-player.ts';

/** What is in the player, playing or not. */
export interface Heard {
  readonly call: Call;
  readonly recording: Recording;
}

export interface OnePlayer {
  readonly player: Player | undefined;
  readonly heard: Heard | undefined;
  /** Puts a recording into the player; one that is there goes on where it is. Each putting in is a listen of its own. */
  readonly hear: (heard: Heard) => void;
  readonly leave: () => void;
}

const OnePlayerContext = createContext<OnePlayer | undefined>(undefined);

/**
 * One player for the list of calls and the page of each: what plays in the list goes on where the call is opened, and
 * goes on in the list when one comes back. Anywhere else it falls silent, since nothing there could stop it.
 */
export function OnePlayerProvider({ children }: { readonly children: ReactNode }) {
  const client = useClient();
  const { player, audioRef } = usePlayer();
  const [heard, setHeard] = useState<Heard>();
  // Beside the state: of two effects of one render the second has to see what the first has put in.
  const latest = useRef<Heard>(undefined);
  const put = useCallback((next: Heard | undefined) => {
    latest.current = next;
    setHeard(next);
  }, []);
  const hear = useCallback(
    (next: Heard) => {
      if (!player || latest.current?.recording.id === next.recording.id) return;
      const { id, asset } = next.recording;
      const listenId = createListenId();
      player.open({
        address: client.audioAddress(
          id,
          asset === undefined || isPlayedByBrowsers(asset) ? {} : { as: 'wav' },
        ),
        seconds: asset?.seconds,
        tellHeard: (stretches) => client.recordings.heard(id, { listenId, stretches }),
      });
      put(next);
    },
    [client, player, put],
  );
  const leave = useCallback(() => {
    player?.close();
    put(undefined);
  }, [player, put]);
  const place = useRouterState({ select: ({ matches }) => placeOf(matches.at(-1)) });
  useEffect(() => {
    if (latest.current && place !== theList && place !== pageOf(latest.current.call.callId)) leave();
  }, [place, leave]);
  const one = useMemo(() => ({ player, heard, hear, leave }), [player, heard, hear, leave]);
  return (
    <OnePlayerContext value={one}>
      <audio ref={audioRef} />
      {children}
    </OnePlayerContext>
  );
}

const theList = 'list';

/** The list, or whose page it is: what a callId may look like nobody knows. */
function placeOf(
  page: { readonly routeId: string; readonly params: object } | undefined,
): string | undefined {
  if (page?.routeId === '/shell/calls') return theList;
  return page && 'callId' in page.params ? pageOf(String(page.params.callId)) : undefined;
}

const pageOf = (callId: string): string => `page ${callId}`;

/** Only for who may listen: nobody else has one. */
export function useOnePlayer(): OnePlayer {
  return use(OnePlayerContext) ?? none;
}

const none: OnePlayer = {
  player: undefined,
  heard: undefined,
  hear: () => undefined,
  leave: () => undefined,
};

/** What a recording's waveform says about silence, for the player that has it. */
export function useSilences(recordingId: string | undefined, waveform: Waveform | null | undefined): void {
  const { player, heard } = useOnePlayer();
  const isThere = recordingId !== undefined && heard?.recording.id === recordingId;
  useEffect(() => {
    if (!player || !isThere || !waveform) return;
    const speech = waveform.channels.map((channel) => channel.speech);
    player.setSilences(silencesOf(speech, waveform.seconds), waveform.seconds);
  }, [player, isThere, waveform]);
}
