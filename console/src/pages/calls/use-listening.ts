import { useCallback, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Call } from '../../../../src/contract/calls.ts';
import { useClient } from '../../client.ts';
import type { Player } from '../../player/player.ts';
import { useMay } from '../../session/use-session.ts';
import type { Rows } from './rows-context.ts';
import { WaveformStore } from './waveform-store.ts';

export interface Listening {
  readonly rows: Rows;
  /** The call that is in the player. */
  readonly call: Call | undefined;
  readonly player: Player | undefined;
  /** The bar tells of the player that it brought along. */
  readonly setPlayer: (player: Player | undefined) => void;
  readonly close: () => void;
}

/** Which call is being heard in the bar below the list. It goes on when the list no longer holds it. */
export function useListening(open: (callId: string) => void): Listening {
  const client = useClient();
  const mayListen = useMay('listen');
  const store = useMemo(() => new WaveformStore(client), [client]);
  const [call, setCall] = useState<Call>();
  const [player, setPlayer] = useState<Player>();
  const close = useCallback(() => setCall(undefined), []);
  const { t } = useTranslation('calls');
  const rows = useMemo(
    () => ({ store, play: mayListen ? setCall : undefined, open, t }),
    [store, mayListen, open, t],
  );
  return { rows, call, player, setPlayer, close };
}
