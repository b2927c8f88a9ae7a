import type { Config } from './config.js';

/** Of settings that work and are hardly meant where several processes share a database: a sentence each. */
export function adviseOn(config: Config): string[] {
  if (config.databaseUrl === undefined) return [];
  const advice: string[] = [];
  const uses = (...roles: readonly string[]): boolean => config.roles.some((role) => roles.includes(role));
  if (config.storageUrl === undefined && uses('archive', 'api')) {
    advice.push(
      'Recordings are kept in the data folder of this process, where no other process finds them. ' +
        'Set EARSHOT_STORAGE_URL to what all of them reach: s3://…, or file:///… on a shared file system.',
    );
  }
  if (config.publicUrl === undefined && uses('deliver', 'api')) {
    advice.push(
      'Links to recordings lead to the address that this process listens on. ' +
        'Set EARSHOT_PUBLIC_URL to the one under which the outside reaches all processes.',
    );
  }
  return advice;
}
