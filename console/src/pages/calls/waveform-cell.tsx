import { createContext, use } from 'react';
import { useTranslation } from 'react-i18next';
import type { Call } from '../../../../src/contract/calls.ts';
import classes from './calls-grid.module.css';
import { RowWaveform } from './row-waveform.tsx';
import type { WaveformStore } from './waveform-store.ts';

/** What the cells of all rows share. */
export interface Hearing {
  readonly store: WaveformStore;
  /** Absent for who may not listen. */
  readonly play: ((call: Call) => void) | undefined;
}

export const HearingContext = createContext<Hearing | undefined>(undefined);

/** The first recording of a call that can be heard. */
export function audibleOf(call: Call) {
  return call.recordings.find(({ state }) => state === 'archived');
}

/** A click plays; keys play the row that is chosen. */
export function WaveformCell({ call }: { readonly call: Call }) {
  const { t } = useTranslation('calls');
  const hearing = use(HearingContext);
  const recording = audibleOf(call);
  if (!recording || !hearing) return null;
  const waveform = <RowWaveform recordingId={recording.id} store={hearing.store} />;
  const { play } = hearing;
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
