import { existsSync } from 'node:fs';
import type { Clock } from '../../domain/clock.js';
import { processGoneAfterMs } from '../../domain/lease.js';
import type { Config } from '../../settings/config.js';
import type { DatabaseFacts } from '../../store/postgres/database-facts.js';
import { type ProcessReport, processRoles, type SharedRoles } from '../../store/shared-roles.js';
import type { Sources } from '../../store/sources.js';
import { InboxFileReader } from '../../store/sqlite/inbox-reader.js';
import { spoolFileIn } from '../../store/sqlite/open-sqlite-spool.js';
import type { Store } from '../../store/store.js';
import { mostClockMs } from '../../telemetry/readiness.js';
import type { OpenData } from '../open-data.js';
import type { Finding } from './doctor-machine.js';

/** The inbox waits no longer for it before it takes the local one. */
const slowAnswerMs = 250;
/** Sorted within a second is the promise. */
const lateMs = 60_000;

/** Looks at the database, at what lies in it, and at who works on it. Changes nothing, not even the schema. */
export async function examineDatabase(config: Config, url: string, clock: Clock): Promise<Finding[]> {
  const { openPostgresStore } = await import('../../store/postgres/open-postgres-store.js');
  const { Database } = await import('../../store/postgres/database.js');
  const { readDatabaseFacts } = await import('../../store/postgres/database-facts.js');
  const database = new Database({ url, connections: 1, applicationName: 'earshot doctor' });
  const store = openPostgresStore({ url, connections: 2, applicationName: 'earshot doctor' });
  const findings: Finding[] = [];
  try {
    const facts = await readDatabaseFacts(database, clock, () => performance.now());
    findings.push(...checkServer(facts, config));
    if (facts.schema > 0) findings.push(...(await checkWork(store, clock)));
  } catch (error) {
    findings.push({
      name: 'database',
      ok: false,
      detail: (error as Error).message,
      remedy: `pg_isready -h HOST -p PORT   # of EARSHOT_DATABASE_URL; pushes wait in the local inbox meanwhile`,
    });
  } finally {
    await Promise.all([database.close(), store.close()]);
  }
  return [...findings, await checkSpool(config)];
}

function checkServer(facts: DatabaseFacts, config: Config): Finding[] {
  return [
    checkAnswer(facts),
    checkSchema(facts),
    checkClocks(facts),
    checkDurability(facts),
    checkStandbys(facts),
    checkConnections(facts, config.databaseConnections),
  ];
}

function checkAnswer({ server, version, answerMs }: DatabaseFacts): Finding {
  const detail = `PostgreSQL ${version} at ${server} answers in ${Math.round(answerMs)} ms`;
  if (answerMs <= slowAnswerMs) return { name: 'database', ok: true, detail };
  const remedy = `ping ${server.replace(/:\d+$/, '')}   # pushes go to the local inbox where it takes so long`;
  return { name: 'database', ok: false, detail, remedy };
}

function checkSchema({ schema, knownSchema }: DatabaseFacts): Finding {
  const name = 'schema';
  if (schema === 0) return { name, ok: false, detail: 'there is none yet', remedy: 'earshot serve' };
  if (schema === knownSchema) return { name, ok: true, detail: `version ${schema}` };
  const detail = `version ${schema}, and this Earshot knows ${knownSchema}`;
  // Processes of two versions run side by side while they are replaced one by one.
  return { name, ok: true, detail: `${detail}: an upgrade is under way` };
}

function checkClocks({ clockAheadMs }: DatabaseFacts): Finding {
  const ms = Math.round(Math.abs(clockAheadMs));
  const detail = `the database's is ${ms} ms ${clockAheadMs < 0 ? 'behind' : 'ahead of'} ours`;
  if (ms <= mostClockMs) return { name: 'clocks', ok: true, detail };
  return { name: 'clocks', ok: false, detail, remedy: 'timedatectl set-ntp true   # on both machines' };
}

function checkDurability({ durability }: DatabaseFacts): Finding {
  const { synchronousCommit, fsync, fullPageWrites } = durability;
  const name = 'durability';
  const detail = `synchronous_commit ${synchronousCommit}, fsync ${onOff(fsync)}, full_page_writes ${onOff(fullPageWrites)}`;
  if (fsync && fullPageWrites) return { name, ok: true, detail };
  const setting = fsync ? 'full_page_writes' : 'fsync';
  const remedy = `psql -c 'ALTER SYSTEM SET ${setting} = on' -c 'SELECT pg_reload_conf()'   # a loss of power would damage what was acknowledged`;
  return { name, ok: false, detail, remedy };
}

function checkStandbys({ standbys }: DatabaseFacts): Finding {
  const { connected, areAwaited } = standbys;
  const name = 'standbys';
  if (connected === 0 && areAwaited) {
    return {
      name,
      ok: false,
      detail: 'commits wait for a synchronous standby, and none is connected',
      remedy:
        "start the standby, or psql -c \"ALTER SYSTEM SET synchronous_standby_names = ''\" -c 'SELECT pg_reload_conf()'",
    };
  }
  if (connected === 0) return { name, ok: true, detail: 'none: what was acknowledged is on one server' };
  const what = areAwaited ? 'commits wait for a synchronous one' : 'commits wait for none';
  return { name, ok: true, detail: `${connected} connected; ${what}` };
}

function checkConnections({ connections: { used, most } }: DatabaseFacts, ofOne: number): Finding {
  const left = most - used;
  const detail = `${used} of ${most} are in use; a process takes up to ${ofOne}`;
  if (left >= ofOne) return { name: 'connections', ok: true, detail };
  const remedy = `psql -c 'ALTER SYSTEM SET max_connections = ${2 * most}'   # and restart PostgreSQL; or lower EARSHOT_DATABASE_CONNECTIONS`;
  return { name: 'connections', ok: false, detail, remedy };
}

async function checkWork(
  store: Pick<OpenData, 'journal' | 'inboxReader' | 'recordings' | 'quarantine' | 'sources'> & {
    readonly shared: SharedRoles;
  },
  clock: Clock,
): Promise<Finding[]> {
  const now = store.shared.toSharedClock(clock)();
  const processes = await store.shared.processes.list(now - processGoneAfterMs);
  return [
    checkProcesses(processes),
    await checkLag(store, now),
    ...(await checkLinks(store, clock())),
    await checkQuarantine(store),
    await checkSources(store),
  ];
}

function checkProcesses(processes: readonly ProcessReport[]): Finding {
  const name = 'processes';
  const missing = processRoles.filter((role) => !processes.some(({ roles }) => roles.includes(role)));
  const running = processes.map(
    ({ host, pid, roles, version }) => `${host}:${pid} (${version}: ${roles.join(', ')})`,
  );
  const detail = running.length === 0 ? 'none runs' : running.join('; ');
  if (missing.length === 0) return { name, ok: true, detail };
  const remedy = `EARSHOT_ROLES=${missing.join(',')} earshot serve`;
  return { name, ok: false, detail: `${detail}; nobody does: ${missing.join(', ')}`, remedy };
}

async function checkLag(
  { journal, inboxReader }: Pick<OpenData, 'journal' | 'inboxReader'>,
  now: number,
): Promise<Finding> {
  const [{ sorter, projector }, lastSeq] = await Promise.all([journal.cursors(), journal.lastSeq()]);
  const { pending, oldestAt = now } = await inboxReader.backlog(sorter);
  const detail = `${pending} pushes wait to be sorted, ${lastSeq - projector} entries to be projected`;
  if (now - oldestAt <= lateMs) return { name: 'lag', ok: true, detail };
  const seconds = Math.round((now - oldestAt) / 1000);
  const remedy = 'earshot status   # who sorts, and whether the store answers them';
  return { name: 'lag', ok: false, detail: `${detail}; the oldest for ${seconds} s`, remedy };
}

async function checkSpool({ dataDir }: Config): Promise<Finding> {
  const name = 'local inbox';
  const file = spoolFileIn(dataDir);
  if (!existsSync(file)) return { name, ok: true, detail: 'empty' };
  const reader = new InboxFileReader(file);
  try {
    const { pending } = await reader.backlog(0);
    if (pending === 0) return { name, ok: true, detail: 'empty' };
    const detail = `${pending} pushes in ${file} wait for the database`;
    return {
      name,
      ok: false,
      detail,
      remedy: 'earshot serve   # drains it by itself once the database takes writes',
    };
  } catch (error) {
    return {
      name,
      ok: false,
      detail: (error as Error).message,
      remedy: `sqlite3 '${file}' .recover   # with Earshot stopped`,
    };
  } finally {
    reader.close();
  }
}

function onOff(isOn: boolean): string {
  return isOn ? 'on' : 'off';
}

const atRiskMs = 24 * 60 * 60 * 1000;
const maxOverdueShown = 500;

type Contents = Pick<Store, 'recordings' | 'quarantine'>;

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
  // A few are no failure: they are kept, and wait for a look. Many are messages that are missed.
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
  // That nothing has come for a while may be a quiet night: the reader knows.
  return {
    name: 'sources',
    ok: true,
    detail: `${names}; ${newest ? `the last push came at ${newest}` : 'no push has come yet'}`,
  };
}
