import { useComputedColorScheme } from '@mantine/core';
import { useEffect, useMemo, useRef, type CSSProperties } from 'react';
import { useTranslation } from 'react-i18next';
import type { Waveform } from '../../../src/contract/waveforms.ts';
import { drawWaveform } from './draw-waveform.ts';
import { decodePeaks } from './peaks.ts';
import type { Player } from './player.ts';
import { SeekBar } from './seek-bar.tsx';
import { usePlayerState } from './use-player.ts';
import classes from './waveform-view.module.css';

/** Something at an instant of the recording. */
export interface Marker {
  readonly id: string;
  readonly atSeconds: number;
  readonly label: string;
}

export interface WaveformViewProps {
  readonly player: Player;
  readonly waveform: Waveform | null | undefined;
  readonly lanePixels: number;
  readonly markers?: readonly Marker[];
  readonly onMarker?: (marker: Marker) => void;
}

/** A lane that is lower has no room for its name. */
const leastNamedPixels = 32;

/** The recording from left to right: a lane for each channel, what was played, who speaks when, and where one is. */
export function WaveformView({ player, waveform, lanePixels, markers = [], onMarker }: WaveformViewProps) {
  const { t } = useTranslation('player');
  const frame = useRef<HTMLDivElement>(null);
  const state = usePlayerState(player);
  const { seconds, loopFrom, loopTo } = state;
  useEffect(() => {
    const show = (position: number): void => {
      const share = player.state.seconds > 0 ? position / player.state.seconds : 0;
      frame.current?.style.setProperty('--played', `${Math.min(1, share) * 100}%`);
    };
    show(player.position);
    return player.onFrame(show);
  }, [player, seconds]);
  const place = (second: number): string => `${seconds > 0 ? (100 * second) / seconds : 0}%`;
  const channels = waveform?.channels ?? [{ peaks: '', speech: [] }];
  return (
    <div
      ref={frame}
      className={classes.frame}
      style={{ '--lane-height': `${lanePixels}px` } as CSSProperties}
    >
      <div className={classes.lanes} aria-hidden="true">
        {channels.map(({ peaks, speech }, channel) => (
          <div key={channel} className={classes.lane}>
            <Bars peaks={peaks} />
            {speech.map(([from, to]) => (
              <span
                key={from}
                className={classes.speech}
                style={{ left: place(from), width: place(to - from) }}
              />
            ))}
            {channels.length === 2 && lanePixels >= leastNamedPixels && (
              <span className={classes.name}>{t(channel === 0 ? 'left' : 'right')}</span>
            )}
          </div>
        ))}
      </div>
      {loopFrom !== undefined && (
        <span
          className={classes.loop}
          style={{ left: place(loopFrom), width: place((loopTo ?? loopFrom) - loopFrom) }}
        />
      )}
      <span className={classes.playhead} />
      <SeekBar player={player} state={state} className={classes.seek ?? ''} />
      {markers.map((marker) => (
        <button
          key={marker.id}
          type="button"
          className={classes.marker}
          style={{ left: place(marker.atSeconds) }}
          title={marker.label}
          aria-label={marker.label}
          onClick={() => onMarker?.(marker)}
        />
      ))}
    </div>
  );
}

/** Drawn twice, in two colours: what was played lies above and is cut off where one is. */
function Bars({ peaks }: { readonly peaks: string }) {
  const rest = useRef<HTMLCanvasElement>(null);
  const played = useRef<HTMLCanvasElement>(null);
  const scheme = useComputedColorScheme();
  const bytes = useMemo(() => decodePeaks(peaks), [peaks]);
  useEffect(() => {
    const canvases = [rest.current, played.current].filter((canvas) => canvas !== null);
    const draw = (): void => canvases.forEach((canvas) => drawWaveform(canvas, bytes));
    draw();
    const observer = new ResizeObserver(draw);
    if (canvases[0]) observer.observe(canvases[0]);
    return () => observer.disconnect();
    // The colours are read from the page, so a change of scheme draws anew.
  }, [bytes, scheme]);
  return (
    <>
      <canvas ref={rest} className={classes.bars} />
      <canvas ref={played} className={`${classes.bars} ${classes.played}`} />
    </>
  );
}
