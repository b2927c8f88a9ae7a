import { readFileSync } from 'node:fs';
import { AppError } from '../../domain/errors.js';

/** The one line of a file that holds a secret; `-` is standard input. @throws AppError `usage-invalid`, without what it holds. */
export function readSecretFile(option: string, path: string): string {
  let text: string;
  try {
    text = readFileSync(path === '-' ? 0 : path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new AppError(
      'usage-invalid',
      `${option} names ${path}, which cannot be read (${code ?? 'unknown'}).`,
    );
  }
  const secret = text.replace(/\r?\n$/, '');
  if (secret === '') throw new AppError('usage-invalid', `${option} names ${path}, which is empty.`);
  return secret;
}
