import { useComputedColorScheme } from '@mantine/core';
import { useCallback, useEffect, useRef, useSyncExternalStore } from 'react';
import { drawWaveform } from '../../player/draw-waveform.ts';
import { formatClock } from '../../i18n/format.ts';
import classes from './calls-grid.module.css';
import { useRows } from './rows-context.ts';
import type { WaveformStore } from './waveform-store.ts';

export interface RowWaveformProps {
  readonly recordingId: string;
  readonly store: WaveformStore;
}

/** How a recording goes, small: one line of bars for each channel. */
export function RowWaveform({ recordingId, store }: RowWaveformProps) {
  const { t } = useRows();
  const scheme = useComputedColorScheme();
  const subscribe = useCallback(
    (listener: () => void) => store.subscribe(recordingId, listener),
    [store, recordingId],
  );
  const waveform = useSyncExternalStore(subscribe, () => store.get(recordingId));
  if (!waveform) return null;
  return (
    <span
      role="img"
      aria-label={t('waveform', { length: formatClock(waveform.seconds), count: waveform.channels.length })}
      className={classes.waveform}
    >
      {waveform.channels.map((peaks, channel) => (
        <Lane key={channel} peaks={peaks} scheme={scheme} />
      ))}
    </span>
  );
}

function Lane({ peaks, scheme }: { readonly peaks: Uint8Array; readonly scheme: string }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    if (canvas.current) drawWaveform(canvas.current, peaks);
    // The colour is read from the page, so a change of scheme draws anew.
  }, [peaks, scheme]);
  return <canvas ref={canvas} className={classes.lane} />;
}
