import { type Command } from 'commander';
import { examineReceiver, type ExaminationReport, type Finding } from '../app/commands/simulate.js';
import { parseNumber } from './options.js';
import { untilStopped } from './serve-command.js';
import { printable, printData, printJson, say } from './terminal.js';

type Options = Readonly<Record<string, unknown>>;

export function addConformanceCommand(program: Command): void {
  program
    .command('conformance <url>')
    .description("examine anyone's receiver of this protocol; leaves up to some 1,500 marked messages there")
    .option('--rate-limit <n>', 'pushes a second at most, up to 800', parseNumber, 200)
    .option('--secret <whsec>', 'sign the pushes, and examine whether forged ones are refused')
    .option('--json', 'print a report for programs')
    .action(runConformance);
}

async function runConformance(url: string, options: Options): Promise<void> {
  const isJson = options['json'] === true;
  const stop = new AbortController();
  void untilStopped().then(() => {
    stop.abort();
  });
  const report = await examineReceiver(
    {
      to: url,
      rateLimit: options['rateLimit'] as number,
      ...(options['secret'] === undefined ? {} : { secret: options['secret'] as string }),
    },
    (finding) => {
      if (!isJson) printData(describe(finding));
    },
    stop.signal,
  );
  if (isJson) printJson(report);
  else for (const line of whatToLookFor(report)) printData(line);
  say(conclude(report));
  if (!report.conforms) process.exitCode = 1;
}

/** A pass is a line; whatever else is worth reading about. */
function describe({ verdict, id, title, sent, came, says, remedy }: Finding): string {
  const head = `${verdict.padEnd(7)}  ${id}: ${title}`;
  if (verdict === 'pass') return `${head} (${printable(came)})`;
  return [
    head,
    `           sent  ${sent}`,
    `           came  ${printable(came)}`,
    `           says  ${says}`,
    ...(remedy === undefined ? [] : [`           do    ${remedy}`]),
  ].join('\n');
}

function whatToLookFor({ lookFor, acknowledgedCalls, callIdPrefix }: ExaminationReport): string[] {
  if (acknowledgedCalls === 0) return [];
  return [
    '',
    'What cannot be seen from outside. In the receiver there should now be',
    `  ${acknowledgedCalls} calls whose callId begins with ${callIdPrefix}, among them`,
    ...lookFor.map((line) => `  ${line}`),
    '',
  ];
}

function conclude({ findings, conforms, stopped, receiver }: ExaminationReport): string {
  if (stopped) return 'Stopped before the end: nothing is decided.';
  const count = (wanted: Finding['verdict']): number =>
    findings.filter(({ verdict }) => verdict === wanted).length;
  const notes = count('note');
  const and = notes === 0 ? '' : ` ${notes} note${notes === 1 ? '' : 's'}: good to have, not demanded.`;
  if (conforms) return `${receiver} does what the protocol demands.${and}`;
  return `${receiver} fails in ${count('fail')} of what the protocol demands.${and}`;
}
