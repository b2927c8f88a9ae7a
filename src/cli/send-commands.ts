import type { Command } from 'commander';
import { importFiles, mostCalls, pushSample, ownPushUrl } from '../app/commands/push-messages.js';
import { counted, printData, printJson, say, showProgress } from './terminal.js';
import { addSettingOptions, configOf } from './options.js';

type Options = Readonly<Record<string, unknown>>;

export function addSendCommands(program: Command): void {
  addSettingOptions(program.command('push-sample'), ['host', 'port', 'publicUrl', 'dataDir'])
    .description("send the specification's own sample to this Earshot, or to any receiver")
    .option('--to <url>', 'push URL; default: the one of this Earshot')
    .option('--json', 'print for programs')
    .action(runPushSample);
  addSettingOptions(program.command('import <files...>'), ['dataDir'])
    .description('put messages of JSON or NDJSON files ("-": standard input) into the inbox')
    .option('--json', 'print a report for programs')
    .action(runImport);
}

async function runPushSample(options: Options): Promise<void> {
  const to = typeof options['to'] === 'string' ? options['to'] : ownPushUrl(configOf(options));
  let answer;
  try {
    answer = await pushSample(to, fetch);
  } catch (error) {
    say(`The sample could not be sent: ${reasonOf(error)}. Is the receiver running, and is the URL right?`);
    process.exitCode = 1;
    return;
  }
  if (options['json'] === true) printJson(answer);
  else printData(`HTTP ${answer.status} in ${answer.durationMs.toFixed(0)} ms: ${answer.body}`);
  if (answer.acknowledged)
    say('Acknowledged: the call 10000161****^1000018**** should be in /api/v1/calls within a second.');
  else {
    say(
      'Not acknowledged: the vendor wants HTTP 200 and a JSON body whose "code" is a number, and would send it again.',
    );
    process.exitCode = 1;
  }
}

function reasonOf(error: unknown): string {
  if ((error as Error).name === 'TimeoutError') return 'no answer within 700 ms';
  const cause = (error as { cause?: { code?: string } }).cause;
  return cause?.code ?? (error as Error).message;
}

async function runImport(files: string[], options: Options): Promise<void> {
  const progress = showProgress('Importing', 0);
  let done = 0;
  const report = await importFiles(configOf(options), files, process.stdin, (messages) => {
    done += messages;
    progress.update(done, done);
  });
  progress.stop();
  if (options['json'] === true) printJson(report);
  const calls = report.calls < mostCalls ? counted(report.calls, 'call') : `${mostCalls} calls and more`;
  say(
    `${counted(report.messages, 'message')} of ${calls} ${report.messages === 1 ? 'is' : 'are'} in the inbox; a running Earshot sorts them within a second, a stopped one at its next start.`,
  );
  const reasons = Object.entries(report.quarantined);
  if (reasons.length === 0) return;
  const items = reasons.reduce((sum, [, count]) => sum + count, 0);
  say(
    `${counted(items, 'item')} ${items === 1 ? 'is' : 'are'} no message and go to quarantine: ${reasons.map(([reason, count]) => `${count} ${reason}`).join(', ')}. See: earshot quarantine list --source import`,
  );
  for (const { from, place } of report.unreadable.slice(0, 20))
    say(`${from}: number ${place} is not JSON and went to quarantine.`);
  if (report.unreadable.length > 20) say(`… and ${report.unreadable.length - 20} more.`);
  process.exitCode = 1;
}
