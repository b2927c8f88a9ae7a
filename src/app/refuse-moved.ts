import { hostname } from 'node:os';
import { readMovedTo } from '../store/sqlite/open-copy.js';
import { StoreError } from '../store/store-error.js';

/**
 * A start on an embedded store whose data was moved away would take pushes that nobody looks for.
 * @throws StoreError `moved`, with where the data is.
 */
export function refuseMoved(dataDir: string): void {
  const place = readMovedTo(dataDir);
  if (place !== undefined)
    throw new StoreError('moved', `What was in the embedded store in ${dataDir} is in ${place} now.`);
}

/** An embedded store, as a note elsewhere names it. */
export function placeOfFolder(dataDir: string): string {
  return `the embedded store in ${dataDir} on ${hostname()}`;
}
