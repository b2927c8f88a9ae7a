import { type Command } from 'commander';
import type { Status } from '../contract/status.js';
import { clientOf, forServer } from './options.js';
import { counted, printData, printJson, say, toTable } from './terminal.js';

type Options = Readonly<Record<string, unknown>>;

export function addStatusCommand(program: Command): void {
  forServer(program.command('status'))
    .description('how it goes: who runs what, whether the store answers, what waits')
    .action(async (options: Options) => {
      const status = await clientOf(options).status();
      if (options['json'] === true) printJson(status);
      else printStatus(status);
    });
}

function printStatus(status: Status): void {
  const { store, inbox, consumers, recordings, quarantine, processes } = status;
  printData(
    toTable([
      ['ready', status.readiness.ready ? 'yes' : `no: ${status.readiness.reason ?? 'no reason is told'}`],
      ['store', `${store.kind}, ${store.state} since ${store.since}`],
      [
        'inbox',
        `${counted(inbox.pending, 'push', 'pushes')} to be sorted${inbox.oldestAt === undefined ? '' : `, the oldest since ${inbox.oldestAt}`}`,
      ],
      ['last minute', `${status.intake.pushesPerMinute} pushes taken by the process that answers`],
      ...consumers.map(({ name, cursor, lag }) => [name, `at ${cursor}, ${lag} behind`]),
      ['recordings', toWords(recordings)],
      ['quarantine', counted(quarantine, 'item')],
    ]),
  );
  printData('');
  printData(
    toTable([
      ['process', 'runs', 'duties', 'endpoints', 'pushes go to', 'version', 'started', 'seen'],
      ...processes.map(toRow),
    ]),
  );
  if (!status.readiness.ready) say('The process that answers cannot do its part; pushes to it are refused.');
  if (store.state === 'unreachable') say('The store cannot be reached: what it knows is as it was last.');
}

function toRow(process: Status['processes'][number]): string[] {
  const { host, pid, roles, duties, endpoints, inbox, version, startedAt, seenAt } = process;
  const waiting = inbox && inbox.pending > 0 ? ` (${inbox.pending} wait)` : '';
  return [
    `${host}:${pid}`,
    roles.join(','),
    duties.join(',') || '-',
    endpoints === undefined ? '-' : String(endpoints),
    inbox ? `${inbox.goesTo}${waiting}` : '-',
    version,
    startedAt,
    seenAt,
  ];
}

function toWords(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .map(([state, count]) => `${count} ${state}`)
    .join(', ');
}
