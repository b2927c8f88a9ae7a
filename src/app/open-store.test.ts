import { expect, it } from 'vitest';
import { minConnections } from '../settings/settings.js';
import { type ProcessRole, processRoles } from '../store/shared-roles.js';
import { shareConnections } from './open-store.js';

it('connections are divided so that a process never has more than it may', () => {
  const running: Readonly<Record<'pipeline' | 'archive' | 'analyse' | 'deliver' | 'export', ProcessRole>> = {
    ...{ pipeline: 'intake', archive: 'archive', analyse: 'archive', deliver: 'deliver', export: 'api' },
  };
  for (const total of [minConnections, 14, 24, 100]) {
    for (const roles of [processRoles, ['intake'], ['api'], ['archive', 'deliver']] as const) {
      const shares = shareConnections(total, roles);
      const ofThreads = (Object.keys(running) as (keyof typeof running)[])
        .filter((thread) => (roles as readonly ProcessRole[]).includes(running[thread]))
        .reduce((sum, thread) => sum + shares[thread], 0);
      // One more listens.
      expect(ofThreads + shares.intake + shares.main + 1).toBeLessThanOrEqual(total);
      // These do one thing at a time.
      const { analyse, export: ofExporting, ...others } = shares;
      expect([analyse, ofExporting]).toEqual([1, 1]);
      expect(Math.min(...Object.values(others))).toBeGreaterThanOrEqual(2);
    }
  }
});
