export type Side = 'both' | 'left' | 'right';

/** What stands between the file and the ear. */
export interface AudioGraph {
  setSide(side: Side): void;
  /** 1 is as recorded. */
  setBoost(factor: number): void;
  /** Browsers begin with silence until somebody has touched the page. */
  resume(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Leads the element's sound through a choice of channel and a boost. The file has to come from our own origin,
 * or browsers let nothing but silence through. At most one graph for an element, ever.
 */
export function createAudioGraph(audio: HTMLAudioElement): AudioGraph {
  const context = new AudioContext();
  const source = context.createMediaElementSource(audio);
  const splitter = context.createChannelSplitter(2);
  const merger = context.createChannelMerger(2);
  const boost = context.createGain();
  const limiter = createLimiter(context);
  source.connect(boost);
  boost.connect(context.destination);
  return {
    setSide: (side) => {
      source.disconnect();
      splitter.disconnect();
      merger.disconnect();
      if (side === 'both') return void source.connect(boost);
      const channel = side === 'left' ? 0 : 1;
      source.connect(splitter);
      splitter.connect(merger, channel, 0);
      splitter.connect(merger, channel, 1);
      merger.connect(boost);
    },
    setBoost: (factor) => {
      boost.gain.value = factor;
      boost.disconnect();
      limiter.disconnect();
      // A limiter raises what is soft by itself: it has no business where nothing is boosted.
      if (factor > 1) boost.connect(limiter).connect(context.destination);
      else boost.connect(context.destination);
    },
    resume: () => context.resume(),
    close: () => context.close(),
  };
}

/** Keeps a boosted voice below the level at which it would be cut off and rattle. */
function createLimiter(context: AudioContext): DynamicsCompressorNode {
  return new DynamicsCompressorNode(context, {
    threshold: -6,
    knee: 3,
    ratio: 20,
    attack: 0.002,
    release: 0.15,
  });
}
