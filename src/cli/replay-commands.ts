import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import type { ServerClient } from '../app/commands/server-client.js';
import type { Replay, ReplayPreview, ReplayRequest } from '../contract/replays.js';
import { clientOf, forServer, parseNumber } from './options.js';
import { counted, printData, printJson, say, showProgress, toTable } from './terminal.js';

type Options = Readonly<Record<string, unknown>>;

/** `earshot endpoint replay`, and `earshot replay` for the jobs that it starts. */
export function addReplayCommands(program: Command, endpoint: Command): void {
  forServer(endpoint.command('replay <id>'))
    .description('send again: all dead deliveries, a window, or what it never got')
    .option('--reason <word>', 'of the dead deliveries only those that died of it, such as timeout')
    .option('--from <instant>', 'a window: received from then on, such as 2025-05-22T12:00:00+08:00')
    .option('--to <instant>', 'received before then')
    .option('--after-seq <n>', 'a window of the journal: behind this number', parseNumber)
    .option('--until-seq <n>', 'up to this number', parseNumber)
    .option('--missed', 'of the window, or of everything so far: only what it never got')
    .option('--preview', 'only count; nothing is sent')
    .option('--wait', 'wait until all of it is in deliveries')
    .action(runReplay);
  const replay = program.command('replay').description('jobs that send again');
  forServer(replay.command('list <endpoint-id>'))
    .description('list the replays of one endpoint, newest first')
    .action(runList);
  forServer(replay.command('show <id>')).description('show how far one replay is').action(runShow);
  forServer(replay.command('cancel <id>'))
    .description('make no more deliveries of it; those that it has made stay on their way')
    .action(runCancel);
}

async function runReplay(id: string, options: Options): Promise<void> {
  const client = clientOf(options);
  const request = toRequest(options);
  if (options['preview'] === true) {
    printPreview(await client.endpoints.previewReplay(id, request), options);
    return;
  }
  const started = await client.endpoints.replay(id, request);
  const replay = options['wait'] === true ? await untilEnded(started, client) : started;
  if (options['json'] === true) printJson(replay);
  else printData(replay.id);
  say(describe(replay));
  if (replay.state === 'cancelled') process.exitCode = 1;
}

function toRequest(options: Options): Omit<ReplayRequest, 'preview'> {
  const { reason, from, to, afterSeq, untilSeq, missed } = options as ReplayRequest;
  const given = Object.entries({ reason, from, to, afterSeq, untilSeq, missed });
  return Object.fromEntries(given.filter(([, value]) => value !== undefined));
}

function printPreview(preview: ReplayPreview, options: Options): void {
  const { messages, deliveries } = preview;
  if (options['json'] === true) printJson(preview);
  else printData(String(messages));
  const inDeliveries = deliveries === undefined ? '' : ` in ${counted(deliveries, 'delivery', 'deliveries')}`;
  say(`${counted(messages, 'message')}${inDeliveries} would be sent again. Nothing was sent.`);
}

const pollMs = 250;

async function untilEnded(started: Replay, { replays }: ServerClient): Promise<Replay> {
  const progress = showProgress('Replaying', started.total);
  let replay = started;
  while (replay.state === 'running') {
    await sleep(pollMs);
    replay = await replays.get(replay.id);
    progress.update(replay.done, replay.total);
  }
  progress.stop();
  return replay;
}

async function runList(endpointId: string, options: Options): Promise<void> {
  const { items } = await clientOf(options).replays.list({ endpointId });
  if (options['json'] === true) printJson(items);
  else if (items.length > 0) {
    const rows = items.map((item) => [item.id, item.state, toWhat(item), toProgress(item), item.createdAt]);
    printData(toTable([['id', 'state', 'kind', 'progress', 'created'], ...rows]));
  } else say('Nothing was ever sent again to this endpoint.');
}

async function runShow(id: string, options: Options): Promise<void> {
  const replay = await clientOf(options).replays.get(id);
  if (options['json'] === true) printJson(replay);
  else printData(describe(replay));
}

async function runCancel(id: string, options: Options): Promise<void> {
  const replay = await clientOf(options).replays.cancel(id);
  if (options['json'] === true) printJson(replay);
  say(describe(replay));
}

function describe(replay: Replay): string {
  const { id, state, messages, deliveries, endpointId } = replay;
  const made = `${counted(messages, 'message')} in ${counted(deliveries, 'new delivery', 'new deliveries')}`;
  const look = `"earshot delivery list --endpoint ${endpointId}" shows what becomes of them`;
  if (state === 'running') return `Replay ${id} runs (${toProgress(replay)}): ${made} so far.`;
  return `Replay ${id} is ${state}: ${made}; ${look}.`;
}

function toWhat({ kind, reason }: Replay): string {
  return reason === undefined ? kind : `${kind} (${reason})`;
}

function toProgress({ done, total }: Replay): string {
  return `${done}/${total}`;
}
