/** One setting: how its text is read, what it is when nobody says, and what it means. */
export interface Setting<T> {
  readonly name: `EARSHOT_${string}`;
  /** Reads the text. @throws Error whose message says what is expected. */
  readonly parse: (text: string) => T;
  readonly fallback: T;
  readonly fallbackText: string;
  readonly meaning: string;
  readonly isSecret?: true;
  /** Of a secret, what may be shown. */
  readonly toShown?: (value: T) => string;
}

export function setting<T>(
  name: `EARSHOT_${string}`,
  parse: (text: string) => NoInfer<T>,
  fallback: T,
  meaning: string,
  fallbackText = String(fallback),
): Setting<T> {
  return { name, parse, fallback, meaning, fallbackText };
}
