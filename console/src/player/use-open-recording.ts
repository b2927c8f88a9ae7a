import { useEffect, useRef } from 'react';
import type { Recording } from '../../../src/contract/recordings.ts';
import type { Waveform } from '../../../src/contract/waveforms.ts';
import { useClient } from '../client.ts';
import { createListenId } from './hearing-reporter.ts';
import type { Player } from './player.ts';
import { silencesOf } from './speech.ts';

/** Keeps a recording in a player, with what its waveform says about silence. Each opening is a listen of its own. */
export function useOpenRecording(
  player: Player | undefined,
  recording: Recording | undefined,
  waveform: Waveform | null | undefined,
): void {
  const client = useClient();
  const id = recording?.id;
  const seconds = useRef(recording?.asset?.seconds);
  useEffect(() => {
    seconds.current = recording?.asset?.seconds;
  });
  useEffect(() => {
    if (!player || id === undefined) return;
    const listenId = createListenId();
    player.open({
      address: client.audioAddress(id),
      seconds: seconds.current,
      tellHeard: (stretches) => client.recordings.heard(id, { listenId, stretches }),
    });
    return () => player.close();
  }, [client, player, id]);
  useEffect(() => {
    if (!player || !waveform) return;
    player.setSilences(
      silencesOf(
        waveform.channels.map(({ speech }) => speech),
        waveform.seconds,
      ),
      waveform.seconds,
    );
  }, [player, id, waveform]);
}
