import { useCallback, useState, useSyncExternalStore, type RefCallback } from 'react';
import { Player } from './player.ts';
import { atRest, type PlayerState } from './player-state.ts';

/** A player that lives as long as the audio element that takes the ref. */
export function usePlayer(): {
  readonly player: Player | undefined;
  readonly audioRef: RefCallback<HTMLAudioElement>;
} {
  const [player, setPlayer] = useState<Player>();
  const audioRef = useCallback<RefCallback<HTMLAudioElement>>((audio) => {
    if (!audio) return;
    const made = new Player(audio);
    setPlayer(made);
    return () => {
      made.dispose();
      setPlayer(undefined);
    };
  }, []);
  return { player, audioRef };
}

const nothing = (): void => undefined;
const subscribeToNone = (): (() => void) => nothing;

export function usePlayerState(player: Player | undefined): PlayerState {
  return useSyncExternalStore(player?.subscribe ?? subscribeToNone, () => player?.state ?? atRest);
}
