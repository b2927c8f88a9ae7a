import { InvalidArgumentError } from 'commander';

/** The number that an option was given. */
export function parseNumber(text: string): number {
  const number = Number(text);
  if (text.trim() === '' || Number.isNaN(number)) throw new InvalidArgumentError('It is no number.');
  return number;
}

/** Of an option that may be repeated. */
export function collect(text: string, earlier: string[] = []): string[] {
  return [...earlier, text];
}

/** Words separated by commas. */
export function parseWords(text: string): string[] {
  const words = text.split(',').map((word) => word.trim());
  return words.filter((word) => word !== '');
}

/** Numbers separated by commas. */
export function parseNumbers(text: string): number[] {
  return parseWords(text).map(parseNumber);
}

/** A whole number that is 1 or more. */
export function parseCount(text: string): number {
  const count = parseNumber(text);
  if (!Number.isInteger(count) || count < 1)
    throw new InvalidArgumentError('It is no whole number from 1 on.');
  return count;
}
