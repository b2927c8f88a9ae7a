import { type Command } from 'commander';
import type { ServerClient } from '../app/commands/server-client.js';
import { clientOf, forServer } from './options.js';
import { counted, printJson, say } from './terminal.js';

type Options = Readonly<Record<string, unknown>>;

/** Of one answer. */
const largestPage = 500;

export function addAcknowledgeCommand(program: Command): void {
  forServer(program.command('acknowledge [ids...]'))
    .description('say that lost recordings (r…) or dead deliveries (d…) cannot be mended: they stop counting')
    .requiredOption('--reason <text>', 'why; the audit log and whoever looks at them are told')
    .option('--lost', 'every lost recording that nobody has acknowledged')
    .option('--dead', 'every dead delivery that waits')
    .option('--endpoint <id>', 'with --dead: only of this endpoint')
    .action(run);
}

async function run(ids: readonly string[], options: Options): Promise<void> {
  const client = clientOf(options);
  const all = [...ids, ...(await findLost(client, options)), ...(await findDead(client, options))];
  const request = { reason: options['reason'] as string };
  for (const id of all) {
    // A delivery is d and a number, a recording r and a number.
    await (id.startsWith('d') ? client.deliveries : client.recordings).acknowledge(id, request);
  }
  if (options['json'] === true) printJson({ acknowledged: all });
  say(
    all.length === 0 ? 'There is nothing to acknowledge.' : `${counted(all.length, 'acknowledgement')} kept.`,
  );
}

async function findLost({ recordings }: ServerClient, options: Options): Promise<string[]> {
  if (options['lost'] !== true) return [];
  return await everyId((page) => recordings.list({ ...page, state: 'lost', acknowledged: 'no' }));
}

async function findDead({ deliveries }: ServerClient, options: Options): Promise<string[]> {
  if (options['dead'] !== true) return [];
  const endpoint = options['endpoint'] as string | undefined;
  const ofEndpoint = endpoint === undefined ? {} : { endpointId: endpoint };
  return await everyId((page) => deliveries.list({ ...page, ...ofEndpoint, waiting: 'yes' }));
}

interface Page {
  readonly items: readonly { readonly id: string }[];
  readonly nextCursor?: string;
}

async function everyId(list: (page: { limit: number; cursor?: string }) => Promise<Page>): Promise<string[]> {
  const found: string[] = [];
  for (let cursor: string | undefined; ;) {
    const page = await list({ limit: largestPage, ...(cursor === undefined ? {} : { cursor }) });
    found.push(...page.items.map(({ id }) => id));
    cursor = page.nextCursor;
    if (cursor === undefined) return found;
  }
}
