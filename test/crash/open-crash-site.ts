import { rounds } from '../support/test-run.js';
import type { CrashSite } from './crash-site.js';
import { openEmbeddedSite } from './embedded-site.js';
import { openPostgresSite } from './postgres-site.js';

export type StoreKind = 'embedded' | 'postgres';

const kinds = ['embedded', 'postgres'] as const;

/** For what is done the same way on every store, once it is durable: one in `npm test`, every one in `npm run test:all`. */
export const storesToTry: readonly StoreKind[] = kinds.slice(0, rounds(1, kinds.length));

/** CRASH_ROUNDS where it is given; else a few in `npm test` and many in `npm run test:all`. */
export function countRounds(few: number, many: number): number {
  return Number(process.env['CRASH_ROUNDS'] ?? rounds(few, many));
}

export const crashSeed = Number(process.env['CRASH_SEED'] ?? 1);

export function openCrashSite(
  kind: StoreKind,
  settings: Readonly<Record<string, string>> = {},
): Promise<CrashSite> {
  return kind === 'embedded' ? openEmbeddedSite(settings) : openPostgresSite(settings);
}
