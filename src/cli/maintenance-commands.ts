import { type Command } from 'commander';
import {
  describeAssets,
  rebuild,
  sortKeptPushes,
  verify,
  type DifferingAsset,
  type Repair,
} from '../app/commands/maintenance.js';
import { printData, printJson, say, showProgress, toTable } from './terminal.js';
import { addSettingOptions, configOf } from './options.js';

type Options = Readonly<Record<string, unknown>>;

export function addMaintenanceCommands(program: Command): void {
  addSettingOptions(program.command('verify'), ['dataDir', 'storageUrl'])
    .description('re-read every archived recording and compare size and SHA-256')
    .option('--repair', 'fetch again what is missing or damaged and whose link still lives')
    .option('--even-if-empty', 'with --repair: also where fewer than one archived file in ten is there')
    .option('--json', 'print a report for programs')
    .action(runVerify);
  addSettingOptions(program.command('describe'), ['dataDir', 'storageUrl'])
    .description('tell anew what every archived recording holds (--again), as this version understands it')
    .requiredOption('--again', 'the audio itself and its names stay as they are')
    .option('--json', 'print a report for programs')
    .action(runDescribe);
  addSettingOptions(program.command('sort'), ['dataDir'])
    .description('read the pushes that are still kept once more (--again) and journal what is missing')
    .requiredOption('--again', 'what was right stays as it is')
    .option('--json', 'print a report for programs')
    .action(runSort);
  addSettingOptions(program.command('project'), ['dataDir', 'timeZone'])
    .description('build calls and recordings anew from the journal (--rebuild)')
    .requiredOption('--rebuild', 'the old ones stay in use until the new ones are complete')
    .option('--json', 'print a report for programs')
    .action(runProject);
}

async function runVerify(options: Options): Promise<void> {
  const progress = showProgress('Verifying', 0);
  const repairs = options['repair'] === true;
  const evenIfEmpty = options['evenIfEmpty'] === true;
  const report = await verify(configOf(options), { repairs, evenIfEmpty }, (done, total) => {
    progress.update(done, total);
  });
  progress.stop();
  const { assets, bytes, differences, nearlyEmpty } = report;
  if (options['json'] === true) printJson({ ok: differences.length === 0, ...report });
  else if (differences.length > 0) {
    printData(
      toTable(
        differences.map(({ recordingId, callId, difference, fileName, repair }) => [
          difference ?? '',
          ...(repair === undefined ? [] : [repair]),
          recordingId,
          callId,
          fileName,
        ]),
      ),
    );
  }
  if (differences.length === 0)
    say(`All ${assets} archived recordings (${bytes} bytes) are as they were archived.`);
  else {
    say(`${differences.length} of ${assets} archived recordings differ.`);
    if (nearlyEmpty && !evenIfEmpty) say(tellNearlyEmpty(assets, differences));
    else if (repairs) say(tellRepairs(differences));
    else
      say(
        'Nothing was changed. `earshot verify --repair` fetches again what still has a link; bring the others back from a backup.',
      );
    if (differences.some(({ repair }) => repair !== 'due')) process.exitCode = 1;
  }
}

function tellNearlyEmpty(assets: number, differences: readonly DifferingAsset[]): string {
  const of = (kind: DifferingAsset['difference']): number =>
    differences.filter(({ difference }) => difference === kind).length;
  const unreadable = of('unreadable') === 0 ? '' : `, ${of('unreadable')} cannot be read`;
  return (
    `${of('missing')} of ${assets} archived files are missing${unreadable}: the storage looks like a folder that is not mounted, ` +
    'was emptied, or another bucket. Nothing was changed, and nothing is due to be fetched again. See that the folder is mounted and that ' +
    'EARSHOT_STORAGE_URL and EARSHOT_DATA_DIR name the right place, or bring it back from a backup; then run `earshot verify`. ' +
    'Where the files are really lost, `earshot verify --repair --even-if-empty` fetches again what still has a link.'
  );
}

const reasons: Readonly<Record<Exclude<Repair, 'due'>, string>> = {
  'link-over': 'whose link is over',
  'published-here': 'that were published here and have no link',
  unreadable: 'whose storage could not be read, so that nothing is known of them',
  'changed-meanwhile': 'that changed meanwhile',
};

function tellRepairs(differences: readonly DifferingAsset[]): string {
  const of = (repair: Repair): number => differences.filter((each) => each.repair === repair).length;
  const others = (Object.keys(reasons) as (keyof typeof reasons)[])
    .filter((reason) => of(reason) > 0)
    .map((reason) => `${of(reason)} ${reasons[reason]}`);
  const due = `${of('due')} are due to be fetched again by the server; what is there stays until the new bytes are whole.`;
  return others.length === 0
    ? due
    : `${due} ${differences.length - of('due')} cannot be: ${others.join(', ')}. Bring these back from a backup.`;
}

async function runDescribe(options: Options): Promise<void> {
  const progress = showProgress('Describing', 0);
  const report = await describeAssets(configOf(options), (done, total) => {
    progress.update(done, total);
  });
  progress.stop();
  const { assets, changed, unreadable } = report;
  if (options['json'] === true) printJson({ ok: unreadable.length === 0, ...report });
  else if (changed.length + unreadable.length > 0) {
    printData(
      toTable(
        [...changed, ...unreadable].map(({ outcome, recordingId, callId, before, after, fileName }) => [
          outcome,
          recordingId,
          callId,
          before.container,
          after?.container ?? '',
          fileName,
        ]),
      ),
    );
  }
  say(`${assets} archived recordings were described again: ${changed.length} are told otherwise now.`);
  if (unreadable.length > 0) {
    say(`${unreadable.length} could not be read; \`earshot verify\` says what is wrong with them.`);
    process.exitCode = 1;
  }
}

async function runSort(options: Options): Promise<void> {
  let pushes = 0;
  const result = await sortKeptPushes(configOf(options), (more) => {
    pushes += more;
  });
  if (options['json'] === true) printJson({ pushes, ...result });
  say(
    `${pushes} kept pushes were read again: ${result.appended} messages were missing and are journaled, ` +
      `${result.duplicates} were there already, ${result.quarantined} more items went to quarantine.`,
  );
}

async function runProject(options: Options): Promise<void> {
  const progress = showProgress('Projecting', 0);
  const entries = await rebuild(configOf(options), (done, total) => {
    progress.update(done, total);
  });
  progress.stop();
  if (options['json'] === true) printJson({ entries });
  say(`Calls and recordings were built anew from ${entries} journal entries and are in use.`);
}
