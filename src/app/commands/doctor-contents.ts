import type { Sources } from '../../store/sources.js';
import type { ReaderRoles } from '../../store/store.js';
import type { Finding } from './doctor-finding.js';

const atRiskMs = 24 * 60 * 60 * 1000;
const maxOverdueShown = 500;

type Contents = Pick<ReaderRoles, 'recordings' | 'quarantine'>;

export async function checkLinks(data: Contents, now: number): Promise<Finding[]> {
  const pending = await data.recordings.list({ state: 'pending', limit: maxOverdueShown });
  const soon = pending.items.filter(({ deadlineAt }) => deadlineAt < now + atRiskMs);
  const blocked = (await data.recordings.counts()).blocked;
  const findings: Finding[] = [];
  if (soon.length === 0) {
    findings.push({ name: 'links at risk', ok: true, detail: 'no pending recording dies within 24 hours' });
  } else {
    const first = soon[0];
    findings.push({
      name: 'links at risk',
      ok: false,
      detail: `${soon.length === maxOverdueShown ? 'at least ' : ''}${soon.length} pending recordings die within 24 hours, the first (${first?.id ?? ''}) at ${new Date(first?.deadlineAt ?? now).toISOString()}; last reason: ${first?.reason ?? 'none yet'}`,
      remedy:
        'npm start   # the archiver takes the earliest deadlines first; see GET /api/v1/recordings?state=pending for reasons',
    });
  }
  if (blocked > 0) {
    findings.push({
      name: 'blocked recordings',
      ok: false,
      detail: `${blocked} recordings wait because their host or address is not allowed`,
      remedy:
        'set EARSHOT_RECORDING_HOSTS or EARSHOT_ALLOW_NETWORKS (those of downloads) to allow what you trust, then start again',
    });
  }
  return findings;
}

const manyQuarantined = 1_000;

export async function checkQuarantine(data: Contents): Promise<Finding> {
  const count = await data.quarantine.count();
  if (count === 0) return { name: 'quarantine', ok: true, detail: 'empty' };
  // A few are nobody's failure: they are kept, and wait for a look. Many are messages that somebody misses.
  const kinds = await data.quarantine.kinds({});
  const most = kinds.slice(0, 3).map(({ source, reason, count: some }) => `${some} ${reason} of ${source}`);
  const detail = `${count} items wait for a look: ${most.join(', ')}${kinds.length > 3 ? ' …' : ''}`;
  if (count < manyQuarantined) return { name: 'quarantine', ok: true, detail };
  const remedy = 'earshot quarantine list, then accept or discard them';
  return { name: 'quarantine', ok: false, detail, remedy };
}

export async function checkSources({ sources }: { readonly sources: Sources }): Promise<Finding> {
  const others = (await sources.list()).map(({ name }) => name).filter((name) => name !== 'default');
  const lastPushes = (await sources.counts()).map(({ lastPushAt }) => lastPushAt);
  const newest = lastPushes.length === 0 ? undefined : new Date(Math.max(...lastPushes)).toISOString();
  const names = ['default', ...others].join(', ');
  // That nothing has come for a while may be a quiet night: whoever reads this knows.
  return {
    name: 'sources',
    ok: true,
    detail: `${names}; ${newest ? `the last push came at ${newest}` : 'no push has come yet'}`,
  };
}
