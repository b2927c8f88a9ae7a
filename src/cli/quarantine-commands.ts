import type { Command } from 'commander';
import {
  type Acceptance,
  acceptChosen,
  acceptCorrected,
  acceptItems,
  itemsInQuarantine,
} from '../app/commands/accept-quarantined.js';
import type { ServerClient } from '../app/commands/server-client.js';
import type { QuarantineChoice, QuarantineItem } from '../contract/quarantine.js';
import { clientOf, forServer, parseCount } from './options.js';
import { counted, printable, printData, printJson, say, toTable } from './terminal.js';

type Options = Readonly<Record<string, unknown>>;

export function addQuarantineCommands(program: Command): void {
  const quarantine = program
    .command('quarantine')
    .description('what was received and could not be read as a message');
  chosenBy(quarantine.command('list'))
    .description('list items, newest first, and how many there are of each kind')
    .option('--limit <n>', 'how many at most', parseCount, 50)
    .action(runList);
  forServer(quarantine.command('show <id>'))
    .description('show one item; its bytes go to stdout as they came')
    .action(runShow);
  chosenBy(quarantine.command('accept [ids...]'))
    .description('sort items again: those named, or all that the filters choose')
    .option('--file <path>', 'with what the one item should have been; - is standard input')
    .option('--charset <name>', 'read as text of this charset, such as gb18030')
    .option('--all', 'all there are')
    .action(runAccept);
  chosenBy(quarantine.command('discard [ids...]'))
    .description('delete items for good: those named, or all that the filters choose')
    .option('--all', 'all there are')
    .action(runDiscard);
}

function chosenBy(command: Command): Command {
  return forServer(command)
    .option('--reason <word>', 'only of this reason, such as not-json')
    .option('--source <name>', 'only of this source')
    .option('--from <instant>', 'received at this instant or later: ISO 8601 with an offset')
    .option('--to <instant>', 'received before this instant');
}

type Filter = Omit<QuarantineChoice, 'all'>;

function filterOf(options: Options): Filter {
  return Object.fromEntries(
    ['reason', 'source', 'from', 'to'].flatMap((name) =>
      options[name] === undefined ? [] : [[name, options[name]]],
    ),
  );
}

async function runList(options: Options): Promise<void> {
  const { quarantine } = clientOf(options);
  const filter = filterOf(options);
  const limit = options['limit'] as number;
  const items: QuarantineItem[] = [];
  for await (const item of itemsInQuarantine(quarantine, filter)) if (items.push(item) >= limit) break;
  const { items: kinds } = await quarantine.kinds(filter);
  if (options['json'] === true) {
    printJson({ items, kinds });
    return;
  }
  if (items.length > 0) {
    printData(
      toTable([
        ['id', 'received', 'source', 'reason', 'bytes', 'begins with'],
        ...items.map(({ id, receivedAt, source, reason, bytes, preview }) => [
          ...[id, receivedAt, source, reason, String(bytes), printable(preview).slice(0, 60)],
        ]),
      ]),
    );
  }
  const all = kinds.reduce((sum, { count }) => sum + count, 0);
  say(all === 0 ? 'There is no such item.' : `${counted(all, 'item')} in all:`);
  for (const { source, reason, count } of kinds) say(`  ${count} of ${source}: ${reason}`);
}

/** Items by name, or a choice of them: one of both, because a choice that was forgotten would be everything. */
function readChoice(
  ids: readonly string[],
  options: Options,
  command: Command,
): QuarantineChoice | undefined {
  const filter = filterOf(options);
  const isFiltered = Object.keys(filter).length > 0;
  const isAll = options['all'] === true;
  if (Number(ids.length > 0) + Number(isFiltered) + Number(isAll) !== 1) {
    command.error('error: name items, or a filter, or --all');
  }
  return ids.length > 0 ? undefined : isAll ? { all: true } : filter;
}

async function runShow(id: string, options: Options): Promise<void> {
  const item = await clientOf(options).quarantine.get(id);
  if (options['json'] === true) {
    printJson(item);
    return;
  }
  const { receivedAt, source, reason, bytes, body } = item;
  say(`${id}: ${reason}; ${counted(bytes, 'byte')} of ${source}, received ${receivedAt}.`);
  process.stdout.write(Buffer.from(body, 'base64'));
}

async function runDiscard(ids: string[], options: Options, command: Command): Promise<void> {
  const choice = readChoice(ids, options, command);
  const { quarantine } = clientOf(options);
  const items = choice ? await discardChosen(quarantine, choice) : ids.length;
  for (const id of ids) await quarantine.discard(id);
  if (options['json'] === true) printJson({ items });
  say(`${counted(items, 'item')} deleted for good.`);
}

async function discardChosen(
  quarantine: ServerClient['quarantine'],
  choice: QuarantineChoice,
): Promise<number> {
  let items = 0;
  for (let hasMore = true; hasMore;) {
    const discarded = await quarantine.discardChosen(choice);
    items += discarded.items;
    ({ hasMore } = discarded);
  }
  return items;
}

async function runAccept(ids: string[], options: Options, command: Command): Promise<void> {
  const choice = readChoice(ids, options, command);
  const { file, charset } = options as { file?: string; charset?: string };
  const [only] = ids;
  if (file !== undefined && (only === undefined || ids.length > 1 || charset !== undefined)) {
    command.error('error: --file corrects one item, which is named');
  }
  const { quarantine } = clientOf(options);
  if (file !== undefined && only !== undefined) {
    return tell(await acceptCorrected(quarantine, only, file, process.stdin), options);
  }
  if (choice && charset === undefined) return tell(await acceptChosen(quarantine, choice), options);
  const chosen = choice ? idsOf(quarantine, filterOf(options)) : ids;
  tell(await acceptItems(quarantine, chosen, charset), options);
}

async function* idsOf(quarantine: ServerClient['quarantine'], filter: Filter): AsyncGenerator<string> {
  for await (const { id } of itemsInQuarantine(quarantine, filter)) yield id;
}

function tell(acceptance: Acceptance, options: Options): void {
  const { items, messages, duplicates, unreadable } = acceptance;
  if (options['json'] === true) printJson(acceptance);
  say(
    `${counted(items, 'item')} left quarantine: ${counted(messages, 'new message')}, ${counted(duplicates, 'duplicate')}.`,
  );
  if (unreadable === 0) return;
  say(`${counted(unreadable, 'item')} could not be read and stayed: earshot quarantine list`);
  process.exitCode = 1;
}
