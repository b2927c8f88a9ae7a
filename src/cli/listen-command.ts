import { once } from 'node:events';
import { type Command } from 'commander';
import { listen, type ReceiverEvent, type ReceiverPush } from '../app/commands/simulate.js';
import { collect, parseNumber } from './options.js';
import { untilStopped } from './serve-command.js';
import { printable, printData, say } from './terminal.js';

type Options = Readonly<Record<string, unknown>>;

export function addListenCommand(program: Command): void {
  program
    .command('listen')
    .description('a small receiver for trying things: prints every push and answers as it is told to')
    .option('--port <p>', 'where to listen; 0: any free port', parseNumber, 9000)
    .option('--host <host>', 'and on which address', '127.0.0.1')
    .option(
      '--fail <share>',
      'share of the pushes, 0 to 1, to treat badly; default: all, if told how',
      parseNumber,
    )
    .option(
      '--status <n>',
      'bad: answer with this HTTP status (500 where only a share is given)',
      parseNumber,
    )
    .option('--hang', 'bad: never answer')
    .option('--delay <ms>', 'bad: answer this much later', parseNumber)
    .option('--answer <text>', 'bad: answer no-code, string-code, html, or this text')
    .option('--seed <n>', 'the same seed treats the same pushes badly, by their order', parseNumber)
    .option('--secret <whsec>', "verify signatures with an endpoint's secret; may be repeated", collect, [])
    .option('--count <n>', 'end after so many pushes', parseNumber)
    .option('--json', 'print one JSON object a line')
    .action(runListen);
}

async function runListen(options: Options): Promise<void> {
  const number = (name: string): number | undefined => options[name] as number | undefined;
  const count = number('count') ?? Infinity;
  const print = options['json'] === true ? printEventJson : printEvent;
  let ended = 0;
  const enough = new AbortController();
  const receiver = await listen(
    {
      host: options['host'] as string,
      port: options['port'] as number,
      secrets: options['secret'] as string[],
      misbehaviour: {
        hangs: options['hang'] === true,
        ...(options['status'] === undefined ? {} : { status: options['status'] as number }),
        ...(options['delay'] === undefined ? {} : { delayMs: options['delay'] as number }),
        ...(options['answer'] === undefined ? {} : { answer: options['answer'] as string }),
      },
      ...(options['fail'] === undefined ? {} : { badShare: options['fail'] as number }),
      ...(options['seed'] === undefined ? {} : { seed: options['seed'] as number }),
    },
    (event) => {
      print(event);
      if (event.kind === 'end' && ++ended >= count) enough.abort();
    },
  );
  say(`listening on ${receiver.url} (any path; POST is a push, GET and HEAD check the connection)`);
  await Promise.race([once(enough.signal, 'abort'), untilStopped()]);
  await receiver.close();
}

function printEventJson(event: ReceiverEvent): void {
  const at = 'at' in event ? { at: new Date(event.at).toISOString() } : {};
  printData(JSON.stringify({ ...event, ...at }));
}

function printEvent(event: ReceiverEvent): void {
  switch (event.kind) {
    case 'check':
      printData(`${timeOf(event.at)}  ${printable(event.method)}, answered ${event.status}`);
      return;
    case 'push':
      printData(describePush(event));
      return;
    case 'end':
      if (event.how === 'abandoned')
        printData(`  the sender of #${event.number} hung up after ${event.afterMs} ms, without an answer`);
  }
}

/** More of them, or longer ones, are for --json. */
const shownCallIds = 5;

function describePush(push: ReceiverPush): string {
  const { number, at, messages, bytes, callIds, unreadable } = push;
  const what = [
    `${messages} message${messages === 1 ? '' : 's'} in ${bytes} bytes${push.contentEncoding === 'gzip' ? ' (gzip)' : ''}`,
    ...(push.webhookId === undefined ? [] : [`webhook-id ${printable(push.webhookId)}`]),
    ...((push.times ?? 1) > 1 ? [`REPEATED, time ${push.times}`] : []),
    ...(push.signature === 'not-checked' ? [] : [`signature ${push.signature}`]),
    push.answer === 'none'
      ? 'not answered'
      : `answered ${push.answer}${push.delayMs > 0 ? ` after ${push.delayMs} ms` : ''}`,
  ];
  const more = callIds.length > shownCallIds ? [`and ${callIds.length - shownCallIds} more`] : [];
  return [
    `${timeOf(at)}  #${number}  ${what.join(', ')}`,
    ...(callIds.length === 0
      ? []
      : [`  callIds ${[...callIds.slice(0, shownCallIds).map(printable), ...more].join(', ')}`]),
    ...unreadable
      .slice(0, shownCallIds)
      .map(
        ({ index, reason }) =>
          `  ${index === undefined ? 'the body' : `number ${index}`} is no message: ${reason}`,
      ),
  ].join('\n');
}

function timeOf(at: number): string {
  return new Date(at).toISOString().slice('yyyy-MM-ddT'.length);
}
