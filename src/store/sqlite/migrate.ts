import { StoreError } from '../store-error.js';
import type { Connection } from './connection.js';

/**
 * Brings a file to the newest schema: `steps[n]` leads from version n to n + 1, forward only, each in the
 * transaction that also writes the version, so that a crash leaves either the old schema or the new one.
 * @throws StoreError `newer-schema` where the file was written by a newer Earshot.
 */
export function migrate(connection: Connection, name: string, steps: readonly string[]): void {
  if (versionOf(connection) === steps.length) return;
  connection.transaction(() => {
    const version = versionOf(connection);
    if (version > steps.length) {
      throw new StoreError(
        'newer-schema',
        `${connection.file} was written by a newer Earshot (${name} schema ${version}, this one knows ${steps.length}). ` +
          'Nothing was changed. Start the newer version, or restore a backup made before the upgrade.',
      );
    }
    for (const step of steps.slice(version)) connection.exec(step);
    connection.exec(`PRAGMA user_version = ${steps.length}`);
  });
}

function versionOf(connection: Connection): number {
  return Number(connection.prepare('PRAGMA user_version').get()?.['user_version'] ?? 0);
}
