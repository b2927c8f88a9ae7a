import { type Command } from 'commander';
import { move, type MoveReport } from '../app/commands/move.js';
import { readSecretFile } from '../app/commands/secret-file.js';
import { printData, printJson, say, showProgress, toTable, type Progress } from './terminal.js';
import { addSettingOptions, configOf } from './options.js';

interface MoveFlags extends Readonly<Record<string, unknown>> {
  readonly to?: string;
  readonly toFile?: string;
  readonly storageTo?: string;
  readonly switch: boolean;
  readonly leaveFailed?: boolean;
  readonly json?: boolean;
}

export function addMoveCommand(program: Command): void {
  addSettingOptions(program.command('move'), ['dataDir', 'storageUrl', 'timeZone'])
    .description('move store and recordings elsewhere, beside a running server; interrupted, it goes on')
    .option('--to <url>', 'postgres://USER:PASSWORD@HOST/NAME, or "embedded": where the store goes')
    .option(
      '--to-file <path>',
      'a file that holds the URL (- is standard input): a command line is seen by others',
    )
    .option('--storage-to <url>', 's3://bucket/prefix?… or file:///path: where recordings go')
    .option('--no-switch', 'leave earshot.json as it is, and print the settings for it instead')
    .option('--leave-failed', 'switch although some recordings cannot be had from the old storage any more')
    .option('--json', 'print a report for programs')
    .action(runMove);
}

async function runMove(flags: MoveFlags): Promise<void> {
  const to = flags.toFile === undefined ? flags.to : readSecretFile('--to-file', flags.toFile);
  const bars = showBars();
  const report = await move(
    configOf(flags, flags.storageTo),
    {
      ...(to === undefined ? {} : { to }),
      ...(flags.storageTo === undefined ? {} : { storageTo: flags.storageTo }),
      writesSettings: flags.switch,
      leavesFailed: flags.leaveFailed === true,
    },
    { onProgress: bars.update, onWaiting: askToStop },
  ).finally(bars.stop);
  if (flags.json === true) printJson(report);
  tell(report, flags.json === true);
  if (!report.ok && !(report.switched && flags.leaveFailed === true)) process.exitCode = 1;
}

function askToStop(who: string): void {
  say(
    `Everything so far is copied. Stop Earshot now${who === '' ? '' : ` (${who})`}: what is left goes within moments, and ` +
      'pushes that are sent meanwhile come again a minute later. Waiting for it to stop …',
  );
}

function tell({ store, assets, differences, switched }: MoveReport, isJson: boolean): void {
  if (store)
    say(`${store.entries} entries are in ${store.to}, compared one by one (SHA-256 ${store.digest}).`);
  if (assets) {
    say(
      `${assets.verified} archived recordings are in the new storage, read back and compared; ${assets.copied} of them ` +
        `(${assets.bytes} bytes) were copied by this run. The old storage is as it was.`,
    );
    if (assets.failed.length > 0) {
      if (!isJson)
        printData(
          toTable(
            assets.failed.map(({ failure, recordingId, callId, fileName }) => [
              failure,
              recordingId,
              callId,
              fileName,
            ]),
          ),
        );
      say(`${assets.failed.length} archived recordings could not be copied.`);
    }
  }
  for (const difference of differences) say(`Differs: ${difference}`);
  if (!switched)
    say('Nothing was switched: everything goes on where it was. Run the same command again to go on.');
  else tellSwitched(switched);
}

function tellSwitched({
  settingsFile,
  settings,
  overridden,
  setAside,
}: NonNullable<MoveReport['switched']>): void {
  if (settingsFile === undefined) say('Moved. Start Earshot with these settings:');
  else say(`Moved. ${settingsFile} says so now; start Earshot again:`);
  for (const [name, value] of Object.entries(settings))
    say(`  ${name}${value === null ? ' is taken out' : ` = ${value}`}`);
  if (overridden.length > 0)
    say(
      `Given by the environment, a file or a flag, which go before earshot.json: change them there: ${overridden.join(', ')}.`,
    );
  if (setAside !== undefined)
    say(`Older files of an embedded store are in ${setAside}; nothing needs them any more.`);
}

function showBars(): { update: (part: string, done: number, total: number) => void; stop: () => void } {
  let shown: { readonly part: string; readonly bar: Progress } | undefined;
  const stop = (): void => shown?.bar.stop();
  return {
    update: (part, done, total) => {
      if (shown?.part !== part) {
        stop();
        shown = { part, bar: showProgress(titles[part] ?? part, total) };
      }
      shown.bar.update(done, total);
    },
    stop,
  };
}

const titles: Readonly<Record<string, string>> = {
  journal: 'Copying the journal',
  pushes: 'Copying pushes',
  quarantine: 'Copying quarantine',
  attempts: 'Copying attempts',
  deliveries: 'Copying deliveries',
  deliveryAttempts: 'Copying attempts at deliveries',
  auditLog: 'Copying the audit log',
  calls: 'Building calls',
  recordings: 'Copying states of recordings',
  check: 'Comparing the journal',
  assets: 'Copying recordings',
};
