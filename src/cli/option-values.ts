import { InvalidArgumentError } from 'commander';

/** The number that an option was given. */
export function parseNumber(text: string): number {
  const number = Number(text);
  if (text.trim() === '' || Number.isNaN(number)) throw new InvalidArgumentError('It is no number.');
  return number;
}

/** Of an option that may be repeated. */
export function collect(text: string, earlier: string[]): string[] {
  return [...earlier, text];
}
