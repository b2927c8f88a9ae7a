import type { Command } from 'commander';
import { findPushUrl } from '../app/commands/push-messages.js';
import { findSource } from '../app/commands/server-client.js';
import type { SourceChange } from '../contract/sources.js';
import { addSettingOptions, clientOf, configOf, forServer, parseCount, parseWords } from './options.js';
import { printData, printJson, say, toTable } from './terminal.js';

type Options = Readonly<Record<string, unknown>>;

export function addSourceCommand(program: Command): void {
  const source = program.command('source').description('places that pushes come from');
  addSettingOptions(source.command('url [name]'), ['host', 'port', 'publicUrl', 'dataDir'])
    .description('print the push URL of a source, "default" unless named; anyone who has it can push')
    .option('--json', 'print for programs')
    .action(async (name: string | undefined, options: Readonly<Record<string, unknown>>) => {
      const pushUrl = await findPushUrl(configOf(options), name ?? 'default');
      if (options['json'] === true) printJson({ name: name ?? 'default', pushUrl });
      else printData(pushUrl);
    });
  forServer(source.command('list')).description('list sources, and what each has sent').action(runList);
  forServer(source.command('limit <name>'))
    .description('bound what a source may bring in a day, or where its links may lead to')
    .option('--push-bytes-per-day <n>', 'bytes that it may push in one day; "none" for any number', toBytes)
    .option(
      '--recording-bytes-per-day <n>',
      'bytes that its recordings may bring in one day before the others wait; "none" for any number',
      toBytes,
    )
    .option(
      '--recording-hosts <patterns>',
      'hosts that its links may lead to, with commas; "none" for all that are allowed',
      toHosts,
    )
    .action(runLimit);
}

async function runList(options: Options): Promise<void> {
  const { items } = await clientOf(options).sources.list();
  // The push URLs are secrets: "earshot source url" prints one.
  const shown = items.map(({ pushUrl: _, ...source }) => source);
  if (options['json'] === true) printJson(shown);
  else {
    printData(
      toTable(
        shown.map(({ name, pushes, pushBytesPerDay, recordingBytesPerDay, today, recordingHosts }) => [
          name,
          `${pushes} pushes`,
          `${today.pushBytes} of ${pushBytesPerDay ?? 'any number of'} bytes pushed today`,
          ...(today.refusedPushes > 0 ? [`${today.refusedPushes} refused today`] : ['']),
          `${today.recordingBytes} of ${recordingBytesPerDay ?? 'any number of'} bytes of recordings`,
          (recordingHosts ?? ['all hosts']).join(','),
        ]),
      ),
    );
  }
}

async function runLimit(name: string, options: Options, command: Command): Promise<void> {
  const { pushBytesPerDay, recordingBytesPerDay, recordingHosts } = options as SourceChange;
  const change = {
    ...(pushBytesPerDay === undefined ? {} : { pushBytesPerDay }),
    ...(recordingBytesPerDay === undefined ? {} : { recordingBytesPerDay }),
    ...(recordingHosts === undefined ? {} : { recordingHosts }),
  };
  if (Object.keys(change).length === 0) command.error('error: no limit is named');
  const client = clientOf(options);
  const { id } = await findSource(client, name);
  const { pushUrl: _, ...changed } = await client.sources.change(id, change);
  if (options['json'] === true) printJson(changed);
  say(`Source "${name}" has ${Object.keys(change).join(', ')} as said; it applies within seconds.`);
}

function toBytes(text: string): number | null {
  return text === 'none' ? null : parseCount(text);
}

function toHosts(text: string): string[] | null {
  return text === 'none' ? null : parseWords(text);
}
