import type { Command } from 'commander';
import type { EndpointCreation } from '../contract/endpoint-settings.js';
import { addEndpointOptions, toEndpointChange } from './endpoint-options.js';
import { describeEndpoint, describeTest, toEndpointTable } from './endpoint-words.js';
import { clientOf, forServer, parseNumber } from './options.js';
import { addReplayCommands } from './replay-commands.js';
import { counted, printData, printJson, say } from './terminal.js';

type Options = Readonly<Record<string, unknown>>;

export function addEndpointCommands(program: Command): void {
  const endpoint = program.command('endpoint').description('where a running Earshot pushes to');
  addEndpointOptions(forServer(endpoint.command('add <url>')))
    .description('push to a URL from now on; prints the id of the endpoint')
    .option('--start <when>', 'now, beginning, or an instant such as 2025-05-22T12:00:00+08:00')
    .action(runAdd);
  forServer(endpoint.command('list')).description('list endpoints').action(runList);
  forServer(endpoint.command('show <id>'))
    .description('show one endpoint with its signing secrets')
    .action(runShow);
  addEndpointOptions(forServer(endpoint.command('set <id>')))
    .description('change the settings that are named; it applies at once')
    .option('--url <url>', 'where to push to')
    .action(runSet);
  for (const [act, description] of [
    ['pause', 'begin no more pushes; nothing is lost meanwhile'],
    ['resume', 'push again, from where it stopped'],
  ] as const) {
    forServer(endpoint.command(`${act} <id>`))
      .description(description)
      .action((id: string, options: Options) => runPausing(act, id, options));
  }
  forServer(endpoint.command('remove <id>'))
    .description('remove an endpoint and its deliveries')
    .action(runRemove);
  forServer(endpoint.command('test <id>'))
    .description("send the specification's own sample once, as a push would be")
    .action(runTest);
  forServer(endpoint.command('rotate-secret <id>'))
    .description('make a new signing secret and print it')
    .option('--overlap <s>', 'seconds for which the older ones sign, too', parseNumber, 86_400)
    .action(runRotation);
  addReplayCommands(program, endpoint);
}

async function runAdd(url: string, options: Options, command: Command): Promise<void> {
  const { start } = options as { start?: string };
  const settings = toEndpointChange(options, {}, (sentence) => command.error(`error: ${sentence}`));
  const creation = { ...settings, url, ...(start === undefined ? {} : { start }) } as EndpointCreation;
  const made = await clientOf(options).endpoints.create(creation);
  if (options['json'] === true) printJson(made);
  else printData(made.id);
  say(
    `Endpoint ${made.id} ("${made.name}") is made; "earshot endpoint show ${made.id}" shows its signing secret.`,
  );
}

async function runList(options: Options): Promise<void> {
  const { items } = await clientOf(options).endpoints.list();
  if (options['json'] === true) printJson(items);
  else if (items.length > 0) printData(toEndpointTable(items));
  else say('There is no endpoint. "earshot endpoint add URL" makes one.');
}

async function runShow(id: string, options: Options): Promise<void> {
  const endpoint = await clientOf(options).endpoints.get(id);
  if (options['json'] === true) printJson(endpoint);
  else printData(describeEndpoint(endpoint));
}

async function runSet(id: string, options: Options, command: Command): Promise<void> {
  const { endpoints } = clientOf(options);
  const { url } = options as { url?: string };
  const { filter } = await endpoints.get(id);
  const settings = toEndpointChange(options, filter, (sentence) => command.error(`error: ${sentence}`));
  const change = { ...settings, ...(url === undefined ? {} : { url }) };
  if (Object.keys(change).length === 0) command.error('error: no setting is named');
  const endpoint = await endpoints.change(id, change);
  if (options['json'] === true) printJson(endpoint);
  say(`Endpoint ${id} has ${Object.keys(change).join(', ')} as said; it applies at once.`);
}

async function runPausing(act: 'pause' | 'resume', id: string, options: Options): Promise<void> {
  const endpoint = await clientOf(options).endpoints[act](id);
  if (options['json'] === true) printJson(endpoint);
  const is = act === 'pause' ? 'paused: nothing is lost, it waits' : 'pushed to again';
  say(`Endpoint ${id} is ${is}. It is ${counted(endpoint.lag, 'entry', 'entries')} behind.`);
}

async function runRemove(id: string, options: Options): Promise<void> {
  await clientOf(options).endpoints.remove(id);
  say(`Endpoint ${id} is removed, and its deliveries with it.`);
}

async function runTest(id: string, options: Options): Promise<void> {
  const tested = await clientOf(options).endpoints.test(id);
  if (options['json'] === true) printJson(tested);
  else printData(describeTest(tested));
  if (tested.outcome === 'ok') say('Acknowledged: a push would be delivered.');
  else {
    say(`Not acknowledged: ${tested.reason}; docs/errors.md tells what it means and what to do.`);
    process.exitCode = 1;
  }
}

async function runRotation(id: string, options: Options): Promise<void> {
  const overlapSeconds = options['overlap'] as number;
  const endpoint = await clientOf(options).endpoints.rotateSecret(id, { overlapSeconds });
  const { secrets, secretExpiresAt } = endpoint;
  if (options['json'] === true) printJson({ secret: secrets[0], secretExpiresAt });
  else printData(secrets[0] ?? '');
  say(
    secretExpiresAt === undefined
      ? 'Pushes are signed with this secret only.'
      : `Pushes are signed with the older secrets, too, until ${secretExpiresAt}.`,
  );
}
