/** Values that the server tells in words, and the texts that say the same in the language that is shown. */
const words = {
  none: 'none',
  all: 'all',
  both: 'both',
  'for ever': 'forEver',
  'SQLite in the data folder': 'embedded',
  'recordings in the data folder': 'dataFolder',
  'generated, kept in the data folder': 'generated',
  'none: they are refused': 'refused',
  'as EARSHOT_ALLOW_NETWORKS': 'asDownloads',
  '[redacted]': 'redacted',
} as const;

export type ValueWord = (typeof words)[keyof typeof words];

/** Undefined where the value is one, and no words about it. */
export function valueWordOf(value: string): ValueWord | undefined {
  return Object.entries(words).find(([told]) => told === value)?.[1];
}
