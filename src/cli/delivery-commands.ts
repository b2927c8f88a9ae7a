import type { Command } from 'commander';
import type { ServerClient } from '../app/commands/server-client.js';
import type {
  Delivery,
  DeliveryAttempt,
  DeliveryDetail,
  DeliveryParameters,
} from '../contract/deliveries.js';
import { clientOf, forServer, parseCount } from './options.js';
import { counted, printable, printData, printJson, say, toTable } from './terminal.js';

type Options = Readonly<Record<string, unknown>>;

export function addDeliveryCommands(program: Command): void {
  const delivery = program.command('delivery').description('batches of messages on their way to endpoints');
  forServer(delivery.command('list'))
    .description('list deliveries, newest first')
    .option('--endpoint <id>', 'only of this endpoint')
    .option('--state <state>', 'pending, delivered or dead')
    .option('--limit <n>', 'how many at most', parseCount, 50)
    .action(runList);
  forServer(delivery.command('show <id>'))
    .description('show one delivery with every attempt')
    .action(runShow);
  forServer(delivery.command('replay <id>'))
    .description('send the same messages again, as a new delivery; prints its id')
    .action(runReplay);
}

async function runList(options: Options): Promise<void> {
  const { endpoint: endpointId, state } = options as { endpoint?: string; state?: Delivery['state'] };
  const filters = {
    ...(endpointId === undefined ? {} : { endpointId }),
    ...(state === undefined ? {} : { state }),
  };
  const deliveries = await readPages(clientOf(options), filters, options['limit'] as number);
  if (options['json'] === true) printJson(deliveries);
  else if (deliveries.length === 0) say('There is no such delivery.');
  else
    printData(
      toTable([
        ['id', 'endpoint', 'state', 'messages', 'attempts', 'reason', 'created', 'next attempt'],
        ...deliveries.map(toRow),
      ]),
    );
}

/** Of one answer. */
const largestPage = 500;

async function readPages(
  { deliveries }: ServerClient,
  filters: DeliveryParameters,
  limit: number,
): Promise<Delivery[]> {
  const found: Delivery[] = [];
  for (let cursor: string | undefined; ;) {
    const page = await deliveries.list({
      ...filters,
      limit: Math.min(largestPage, limit - found.length),
      ...(cursor === undefined ? {} : { cursor }),
    });
    found.push(...page.items);
    cursor = page.nextCursor;
    if (cursor === undefined || found.length >= limit) return found;
  }
}

function toRow(delivery: Delivery): string[] {
  const { id, endpointId, state, count, attempts, reason, createdAt, nextAttemptAt } = delivery;
  return [
    ...[id, endpointId, state, String(count), String(attempts)],
    ...[reason ?? '', createdAt, nextAttemptAt ?? ''],
  ];
}

async function runShow(id: string, options: Options): Promise<void> {
  const delivery = await clientOf(options).deliveries.get(id);
  if (options['json'] === true) printJson(delivery);
  else printData(describe(delivery));
}

function describe(delivery: DeliveryDetail): string {
  const { firstSeq, lastSeq, count, attemptLog } = delivery;
  const optional: [string, string | undefined][] = [
    ['reason', delivery.reason],
    ['next attempt', delivery.nextAttemptAt],
    ['delivered', delivery.deliveredAt],
    ['half of', delivery.halfOf],
    ['replay of', delivery.replayOf],
    ['replayed as', delivery.replayedAs],
    [
      'acknowledged',
      delivery.acknowledged &&
        `by ${delivery.acknowledged.by.name}: ${printable(delivery.acknowledged.reason)}`,
    ],
  ];
  const head = toTable([
    ['id', delivery.id],
    ['endpoint', delivery.endpointId],
    ['state', delivery.state],
    ['webhook-id', delivery.webhookId],
    ['messages', `${count} (seq ${firstSeq} to ${lastSeq})`],
    ['created', delivery.createdAt],
    ...optional.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
    ['attempts', `${delivery.attempts} in the schedule`],
  ]);
  if (attemptLog.length === 0) return head;
  return `${head}\n${toTable(attemptLog.map(toAttemptRow))}`;
}

function toAttemptRow({
  at,
  outcome,
  reason,
  status,
  durationMs,
  response,
  probe,
}: DeliveryAttempt): string[] {
  return [
    `  ${at}`,
    `${outcome}${probe ? ' (probe)' : ''}`,
    reason,
    status === undefined ? '-' : String(status),
    `${durationMs.toFixed(0)} ms`,
    printable(response?.body ?? ''),
  ];
}

async function runReplay(id: string, options: Options): Promise<void> {
  const again = await clientOf(options).deliveries.replay(id);
  if (options['json'] === true) printJson(again);
  else printData(again.id);
  say(
    `${counted(again.count, 'message')} of ${id} on the way again, as ${again.id} (webhook-id ${again.webhookId}).`,
  );
}
