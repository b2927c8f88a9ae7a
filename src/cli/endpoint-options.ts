import { Option, type Command } from 'commander';
import { readSecretFile } from '../app/commands/secret-file.js';
import type { EndpointChange, EndpointFilter } from '../contract/endpoint-settings.js';
import { collect, parseNumber, parseNumbers, parseWords } from './options.js';

type Options = Readonly<Record<string, unknown>>;

/** A flag for every setting of an endpoint but its URL. Secrets come by file: a command line is seen by every user. */
export function addEndpointOptions(command: Command): Command {
  return command
    .option('--name <name>', 'for people')
    .option('--types <list>', 'message types, separated by commas', parseWords)
    .addOption(new Option('--when <when>', 'when to push').choices(['received', 'archived']))
    .addOption(new Option('--record-file <which>', 'which link to push').choices(['original', 'archived']))
    .option('--task-id <id>', 'only messages of this task')
    .option('--batch-id <id>', 'only messages of this batch')
    .option('--out-id-prefix <text>', 'only messages whose outId begins so')
    .option('--min-duration <s>', 'only calls at least so long, in seconds', parseNumber)
    .option('--no-filter', 'every message, but for what the flags beside this one say')
    .option('--batch-size <n>', 'messages in one push at most', parseNumber)
    .option('--linger-ms <ms>', 'how long a message may wait for others', parseNumber)
    .option('--timeout-ms <ms>', 'for the whole of one push', parseNumber)
    .option('--concurrency <n>', 'pushes under way at once; 1 keeps the order', parseNumber)
    .option('--rate-per-second <n>', 'pushes begun per second at most', parseNumber)
    .option('--no-rate-per-second', 'no bound')
    .option('--retry-schedule <list>', 'seconds between attempts: 60,300,600; "": one attempt', parseNumbers)
    .option('--jitter <share>', 'share of a wait that chance may add, 0 to 1', parseNumber)
    .option('--retry-after', 'let Retry-After of an answer lengthen a wait')
    .option('--no-retry-after', 'do not')
    .option('--halving', 'halve a batch that is refused for its content')
    .option('--no-halving', 'do not')
    .option('--gzip', 'compress bodies')
    .option('--no-gzip', 'do not')
    .option(
      '--header <name: value>',
      'sent along with every push; may be repeated, and replaces all',
      collect,
    )
    .option('--no-header', 'none')
    .option('--user <name>', 'Basic authentication; its password comes by --password-file')
    .option('--password-file <file>', 'file that holds the password; -: standard input')
    .option('--token-file <file>', 'bearer authentication: file that holds the token; -: standard input')
    .option('--no-auth', 'no authentication');
}

/** What the flags say, as the API takes it. `filter` is what stays of the one there was. */
export function toEndpointChange(options: Options, filter: EndpointFilter, fail: Fail): EndpointChange {
  const change = {
    ...pick(options, [
      ...(['name', 'types', 'when', 'recordFile', 'batchSize', 'lingerMs', 'timeoutMs'] as const),
      ...(['concurrency', 'retrySchedule', 'jitter', 'retryAfter', 'halving', 'gzip'] as const),
    ]),
    ratePerSecond: options['ratePerSecond'] === false ? null : options['ratePerSecond'],
    filter: toFilter(options, filter),
    headers: toHeaders(options['header'], fail),
    auth: options['auth'] === false ? null : toAuth(options, fail),
  };
  return pick(change, Object.keys(change));
}

/** Ends the command as called wrongly, with a sentence. */
export type Fail = (sentence: string) => never;

/** The members that are there. */
function pick(values: Options, names: readonly string[]): Options {
  const given = names.filter((name) => values[name] !== undefined);
  return Object.fromEntries(given.map((name) => [name, values[name]]));
}

function toFilter(options: Options, before: EndpointFilter): EndpointFilter | undefined {
  const { minDuration: minDurationSeconds, ...rest } = options;
  const names = ['taskId', 'batchId', 'outIdPrefix', 'minDurationSeconds'];
  const named = pick({ ...rest, minDurationSeconds }, names) as EndpointFilter;
  if (options['filter'] === false) return named;
  return Object.keys(named).length === 0 ? undefined : { ...before, ...named };
}

function toHeaders(given: unknown, fail: Fail): Record<string, string> | undefined {
  if (given === undefined) return undefined;
  if (given === false) return {};
  return Object.fromEntries(
    (given as string[]).map((line) => {
      const colon = line.indexOf(':');
      if (colon < 1) fail('--header wants "name: value".');
      return [line.slice(0, colon).trim(), line.slice(colon + 1).trim()];
    }),
  );
}

function toAuth(options: Options, fail: Fail): EndpointChange['auth'] | undefined {
  const { user, passwordFile, tokenFile } = options as Readonly<Record<string, string | undefined>>;
  if (tokenFile !== undefined) {
    if (user !== undefined || passwordFile !== undefined) fail('--token-file and --user exclude each other.');
    return { type: 'bearer', token: readSecretFile('--token-file', tokenFile) };
  }
  if (user === undefined && passwordFile === undefined) return undefined;
  if (user === undefined || passwordFile === undefined) fail('--user and --password-file belong together.');
  return { type: 'basic', username: user, password: readSecretFile('--password-file', passwordFile) };
}
