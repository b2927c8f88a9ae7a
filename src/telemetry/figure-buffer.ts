import type { Clock } from '../domain/clock.js';
import type { FigureName, HourFigure, Hours } from '../store/hours.js';
import type { SourceCounts, Sources } from '../store/sources.js';

const hourMs = 60 * 60 * 1000;

/** What came in and was archived in this process, on its way into the store: every few seconds, not once a push. */
export interface FigureBuffer {
  /** `bytes` are those of the push. */
  pushed(source: string, bytes?: number): void;
  sorted(messages: number): void;
  archived(bytes: number): void;
  /** Pushes of each source that the store does not know of yet. */
  unkept(): readonly SourceCounts[];
  /** Figures that the store does not know of yet. */
  unkeptHours(): readonly HourFigure[];
  /** Brings to the store what it does not know of yet. What it refuses is tried again with what came since. */
  flush(): Promise<void>;
}

export function createFigureBuffer(
  hours: Pick<Hours, 'add'>,
  sources: Pick<Sources, 'count'>,
  clock: Clock,
): FigureBuffer {
  let figures = new Map<string, HourFigure>();
  let counts = new Map<string, SourceCounts>();

  function add(name: FigureName, value: number, hour = Math.floor(clock() / hourMs) * hourMs): void {
    const key = `${hour} ${name}`;
    figures.set(key, { hour, name, value: (figures.get(key)?.value ?? 0) + value });
  }

  function count({ name, pushes, lastPushAt }: SourceCounts): void {
    const known = counts.get(name);
    counts.set(name, {
      name,
      pushes: (known?.pushes ?? 0) + pushes,
      lastPushAt: Math.max(known?.lastPushAt ?? 0, lastPushAt),
    });
  }

  async function keepFigures(): Promise<void> {
    const kept = [...figures.values()];
    if (kept.length === 0) return;
    figures = new Map();
    try {
      await hours.add(kept);
    } catch (error) {
      for (const { name, value, hour } of kept) add(name, value, hour);
      throw error;
    }
  }

  async function keepCounts(): Promise<void> {
    const kept = [...counts.values()];
    if (kept.length === 0) return;
    counts = new Map();
    try {
      await sources.count(kept);
    } catch (error) {
      for (const source of kept) count(source);
      throw error;
    }
  }

  return {
    pushed: (source, bytes = 0) => {
      add('pushes', 1);
      if (bytes > 0) add('pushedBytes', bytes);
      count({ name: source, pushes: 1, lastPushAt: clock() });
    },
    sorted: (messages) => {
      if (messages > 0) add('messages', messages);
    },
    archived: (bytes) => {
      add('archivedRecordings', 1);
      add('archivedBytes', bytes);
    },
    unkept: () => [...counts.values()],
    unkeptHours: () => [...figures.values()],
    flush: async () => {
      await keepFigures();
      await keepCounts();
    },
  };
}
