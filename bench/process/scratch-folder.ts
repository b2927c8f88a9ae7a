import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Folders of one run, on the disk of the checkout: /tmp is memory on many machines, where an fsync costs
 * nothing and every figure would be a dream.
 */
export class ScratchFolder {
  readonly path: string;

  constructor(resultsDir: string) {
    mkdirSync(resultsDir, { recursive: true });
    this.path = mkdtempSync(join(resultsDir, '.run-'));
  }

  create(name: string): string {
    return mkdtempSync(join(this.path, `${name}-`));
  }

  /** As soon as a figure is taken: a run writes gigabytes. */
  discard(folder: string): void {
    rmSync(folder, { recursive: true, force: true });
  }

  removeAll(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}
