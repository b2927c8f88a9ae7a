import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Call } from '../../../../src/contract/calls.ts';
import { useClient } from '../../client.ts';
import { useOnePlayer } from '../../player/one-player.tsx';
import type { Player } from '../../player/player.ts';
import { useMay } from '../../session/use-session.ts';
import type { Rows } from './rows-context.ts';
import { audibleOf } from './waveform-cell.tsx';
import { WaveformStore } from './waveform-store.ts';

export interface Listening {
  readonly rows: Rows;
  /** The call that is in the player. */
  readonly call: Call | undefined;
  readonly player: Player | undefined;
}

/** Which call is being heard in the bar below the list. It goes on when the list no longer holds it. */
export function useListening(open: (callId: string) => void): Listening {
  const client = useClient();
  const mayListen = useMay('listen');
  const store = useMemo(() => new WaveformStore(client), [client]);
  const { player, heard, hear } = useOnePlayer();
  const { t } = useTranslation('calls');
  const rows = useMemo(() => {
    const play = (call: Call): void => {
      const recording = audibleOf(call);
      if (!recording) return;
      hear({ call, recording });
      void player?.play();
    };
    return { store, play: mayListen ? play : undefined, open, t };
  }, [store, player, hear, mayListen, open, t]);
  return { rows, call: heard?.call, player };
}
