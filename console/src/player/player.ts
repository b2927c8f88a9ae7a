import { createAudioGraph, type AudioGraph, type Side } from './audio-graph.ts';
import type { Heard } from './hearing-log.ts';
import { startHearingReports, type HearingReporter } from './hearing-reporter.ts';
import {
  atRest,
  keepHabits,
  maxBoost,
  nextRate,
  readHabits,
  setLoopEnd,
  type PlayerState,
} from './player-state.ts';
import { silenceAt, type Stretch } from './speech.ts';

export interface PlayerSource {
  readonly address: string;
  /** As the archive measured it, until the browser knows by itself. */
  readonly seconds: number | undefined;
  readonly tellHeard: (stretches: Heard[]) => Promise<void>;
}

/**
 * One recording at a time through one audio element. What is to be shown changes by `subscribe`; what moves with
 * every frame of the screen is told to `onFrame`. Leaps (silence, loops) are looked for at every frame and, because
 * a hidden page has no frames, at every `timeupdate`.
 */
export class Player {
  readonly audio: HTMLAudioElement;
  readonly #listeners = new Set<() => void>();
  readonly #frames = new Set<(position: number) => void>();
  #state: PlayerState = { ...atRest, ...readHabits() };
  #silences: readonly Stretch[] = [];
  #graph: AudioGraph | undefined;
  #reporter: HearingReporter | undefined;
  #frame = 0;
  readonly #disposed = new AbortController();

  constructor(audio: HTMLAudioElement) {
    this.audio = audio;
    // Looking at a page is not listening: nothing is fetched, and nothing told of, before it plays.
    audio.preload = 'none';
    const { signal } = this.#disposed;
    const on = (events: string, run: () => void): void => {
      for (const event of events.split(' ')) audio.addEventListener(event, run, { signal });
    };
    on('play playing', () => this.#change({ isPlaying: true, isWaiting: false, hasFailed: false }));
    on('playing', () => this.#runFrames());
    on('waiting', () => this.#change({ isWaiting: true }));
    on('pause', () => this.#change({ isPlaying: false, isWaiting: false }));
    on('pause seeking', () => this.#reporter?.log.stop());
    on('loadedmetadata durationchange', () => this.#change({ seconds: this.#secondsOfAudio() }));
    on('timeupdate seeked', () => this.#look());
    on('timeupdate seeking seeked', () => this.#change({ position: audio.currentTime }));
    on('seeking', () => this.#tellFrame());
    on('error', () => this.#change({ hasFailed: true, isPlaying: false, isWaiting: false }));
    on('ended', () => this.#end());
  }

  /** Makes another recording the one that plays. */
  open(source: PlayerSource): void {
    this.close();
    this.#reporter = startHearingReports(source.tellHeard);
    this.#state = { ...this.#state, ...freshFor(source) };
    this.#graph?.setSide('both');
    this.audio.src = source.address;
    this.audio.preservesPitch = true;
    this.audio.defaultPlaybackRate = this.#state.rate;
    this.audio.playbackRate = this.#state.rate;
    this.#change({});
  }

  /** Falls silent and tells what was heard last. */
  close(): void {
    this.audio.pause();
    this.audio.removeAttribute('src');
    this.#reporter?.close();
    this.#reporter = undefined;
    this.#silences = [];
  }

  /** Gives back what the browser has only a few of. It plays nothing afterwards. */
  dispose(): void {
    this.#disposed.abort();
    this.close();
    cancelAnimationFrame(this.#frame);
    void this.#graph?.close();
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** `listener` is told the position at every frame while it plays, and whenever it leaps. */
  onFrame = (listener: (position: number) => void): (() => void) => {
    this.#frames.add(listener);
    return () => this.#frames.delete(listener);
  };

  get state(): PlayerState {
    return this.#state;
  }

  /** Whether anything of it was played, or is to be. */
  get hasBegun(): boolean {
    return !this.audio.paused || this.audio.currentTime > 0;
  }

  get position(): number {
    return this.audio.currentTime;
  }

  /** By a key or a click: browsers refuse to make a sound by themselves. */
  async play(): Promise<void> {
    this.#graph ??= this.#createGraph();
    await this.#graph.resume();
    if (this.audio.error) this.#loadAgain();
    await this.audio.play().catch((error: unknown) => {
      // Paused, or another recording opened, before it had begun.
      if (!(error instanceof DOMException && error.name === 'AbortError')) this.#change({ hasFailed: true });
    });
  }

  toggle(): void {
    if (this.#state.isPlaying) this.audio.pause();
    else void this.play();
  }

  seek(second: number): void {
    const position = Math.min(Math.max(0, second), this.#state.seconds);
    this.audio.currentTime = position;
    // Before anything was fetched the element tells of no seek.
    this.#change({ position });
    this.#tellFrame();
  }

  seekBy(seconds: number): void {
    this.seek(this.audio.currentTime + seconds);
  }

  setRate(rate: number): void {
    this.audio.defaultPlaybackRate = rate;
    this.audio.playbackRate = rate;
    this.#change({ rate });
    keepHabits(this.#state);
  }

  changeRate(direction: 1 | -1): void {
    this.setRate(nextRate(this.#state.rate, direction));
  }

  setSide(side: Side): void {
    this.#change({ side });
    this.#graph?.setSide(side);
  }

  /** 1 to `maxBoost`. */
  setBoost(factor: number): void {
    const boost = Math.min(Math.max(1, factor), maxBoost);
    this.#change({ boost });
    this.#graph?.setBoost(boost);
  }

  toggleMuted(): void {
    this.audio.muted = !this.audio.muted;
    this.#change({ isMuted: this.audio.muted });
  }

  /** Where nobody speaks, as `silencesOf` finds it; and how long it all is, where nothing else has told. */
  setSilences(silences: readonly Stretch[], seconds: number): void {
    this.#silences = silences;
    if (this.#state.seconds === 0) this.#change({ seconds });
  }

  toggleSilence(): void {
    this.#change({ skipsSilence: !this.#state.skipsSilence });
    keepHabits(this.#state);
  }

  setLoop(end: 'a' | 'b'): void {
    this.#change(setLoopEnd(this.#state, end, this.audio.currentTime));
  }

  clearLoop(): void {
    this.#change({ loopFrom: undefined, loopTo: undefined });
  }

  /** An element that has failed once plays nothing more before it begins to load anew, which forgets the place. */
  #loadAgain(): void {
    const { position } = this.#state;
    this.audio.load();
    this.audio.currentTime = position;
  }

  #createGraph(): AudioGraph {
    const graph = createAudioGraph(this.audio);
    graph.setSide(this.#state.side);
    graph.setBoost(this.#state.boost);
    return graph;
  }

  #secondsOfAudio(): number {
    return Number.isFinite(this.audio.duration) ? this.audio.duration : this.#state.seconds;
  }

  #change(part: Partial<PlayerState>): void {
    this.#state = { ...this.#state, ...part };
    for (const listener of this.#listeners) listener();
  }

  #tellFrame(): void {
    for (const listener of this.#frames) listener(this.audio.currentTime);
  }

  #runFrames(): void {
    cancelAnimationFrame(this.#frame);
    const step = (): void => {
      this.#look();
      this.#tellFrame();
      if (!this.audio.paused) this.#frame = requestAnimationFrame(step);
    };
    this.#frame = requestAnimationFrame(step);
  }

  /** Notes what is heard, and leaps where a loop ends or a silence begins. */
  #look(): void {
    if (this.audio.paused || this.audio.seeking) return;
    const at = this.audio.currentTime;
    this.#reporter?.log.play(at, this.#state.rate);
    const { loopFrom, loopTo, skipsSilence } = this.#state;
    if (loopFrom !== undefined && loopTo !== undefined) {
      if (at >= loopTo || at < loopFrom - 0.5) this.seek(loopFrom);
      // Whoever repeats a stretch wants to hear all of it.
      return;
    }
    const silence = skipsSilence ? silenceAt(this.#silences, at) : undefined;
    if (!silence) return;
    this.#change({ savedSeconds: this.#state.savedSeconds + silence[1] - at });
    this.seek(silence[1]);
  }

  #end(): void {
    const { loopFrom, loopTo } = this.#state;
    if (loopFrom === undefined || loopTo === undefined) return;
    this.seek(loopFrom);
    void this.play();
  }
}

/** What belongs to one recording and is no habit of the listener. */
function freshFor({ seconds }: PlayerSource): Partial<PlayerState> {
  const { isPlaying, isWaiting, hasFailed, position, savedSeconds, loopFrom, loopTo } = atRest;
  return {
    ...{ isPlaying, isWaiting, hasFailed, position, savedSeconds, loopFrom, loopTo },
    side: 'both',
    seconds: seconds ?? 0,
  };
}
