import type { Call } from '../../../../src/contract/calls.ts';
import classes from './calls-grid.module.css';
import { RowWaveform } from './row-waveform.tsx';
import { useRows } from './rows-context.ts';

/** The first recording of a call that can be heard. */
export function audibleOf(call: Call) {
  return call.recordings.find(({ state }) => state === 'archived');
}

/** A click plays; keys play the row that is chosen. */
export function WaveformCell({ call }: { readonly call: Call }) {
  const { store, play, t } = useRows();
  const recording = audibleOf(call);
  if (!recording) return null;
  const waveform = <RowWaveform recordingId={recording.id} store={store} />;
  if (!play) return waveform;
  return (
    <button
      type="button"
      tabIndex={-1}
      aria-label={t('playCall', { callId: call.callId })}
      className={classes.play}
      onClick={() => play(call)}
    >
      <svg viewBox="0 0 24 24" width={12} height={12} aria-hidden="true" className={classes.playSign}>
        <path d="M7 5l12 7-12 7z" fill="currentColor" />
      </svg>
      {waveform}
    </button>
  );
}
