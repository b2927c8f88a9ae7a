import { resolve } from 'node:path';
import type { Command } from 'commander';
import { simulate, type SimulationReport } from '../app/commands/simulate.js';
import { type Demo, type DemoProgress, startDemo } from '../app/demo/demo.js';
import { addSettingOptions, collect, configOf, parseNumber } from './options.js';
import { announce, untilStopped } from './serve-command.js';
import { printJson, say, showProgress, toTable } from './terminal.js';

type Options = Readonly<Record<string, unknown>>;

export function addSimulateCommands(program: Command): void {
  program
    .command('simulate')
    .description(
      'a sender as the specification describes it: calls with real audio, links that expire, pushes, retries',
    )
    .requiredOption('--to <url>', 'push URL of the receiver')
    .requiredOption('--calls <n>', 'how many calls', parseNumber)
    .requiredOption('--rate <r>', 'calls a second', parseNumber)
    .option('--batch <b>', 'messages in one push', parseNumber, 1)
    .option(
      '--fault <name=share>',
      'a fault and the share of what it befalls, 0 to 1; may be repeated',
      collect,
      [],
    )
    .option('--time-scale <s>', "divides the links' week and the waits between retries", parseNumber, 1)
    .option('--seed <n>', 'the same seed makes the same calls, audio and faults', parseNumber)
    .option('--max-call-seconds <s>', 'longest call', parseNumber, 1200)
    .option('--storage-host <host>', 'where the links are served', '127.0.0.1')
    .option('--storage-port <port>', 'and on which port; 0: any', parseNumber, 0)
    .option('--linger <s>', 'serve the links until nobody has asked for this long', parseNumber, 30)
    .option('--json', 'print the report for programs')
    .action(runSimulate);
  addSettingOptions(program.command('demo'))
    .description(
      'serve with a simulated sender beside it; data goes to ./data-demo unless --data-dir says otherwise',
    )
    .option('--calls <n>', 'how many calls', parseNumber, 120)
    .option('--rate <r>', 'calls a second', parseNumber, 2)
    .action(runDemo);
}

async function runSimulate(options: Options): Promise<void> {
  const calls = options['calls'] as number;
  const progress = showProgress('Calls', calls);
  const stop = new AbortController();
  void untilStopped().then(() => {
    stop.abort();
  });
  const report = await simulate(
    {
      to: options['to'] as string,
      calls,
      rate: options['rate'] as number,
      batch: options['batch'] as number,
      faults: options['fault'] as string[],
      timeScale: options['timeScale'] as number,
      maxCallSeconds: options['maxCallSeconds'] as number,
      storageHost: options['storageHost'] as string,
      storagePort: options['storagePort'] as number,
      lingerMs: (options['linger'] as number) * 1000,
      ...(options['seed'] === undefined ? {} : { seed: options['seed'] as number }),
    },
    (done, total) => {
      progress.update(done, total);
    },
    stop.signal,
  );
  progress.stop();
  if (options['json'] === true) printJson(report);
  else say(describe(report));
  if (report.givenUp > 0) process.exitCode = 1;
}

function describe(report: SimulationReport): string {
  const { pushes, attempts, acknowledged, givenUp, stopped, latencyMs, storage, calls, seed, seconds } =
    report;
  const failures = Object.entries(report.failures).map(([reason, count]) => `${reason} ${count}`);
  return toTable([
    ['calls', `${calls} in ${seconds.toFixed(1)} s (seed ${seed})`],
    ['pushes', `${pushes}: ${acknowledged} acknowledged, ${givenUp} given up, ${stopped} stopped`],
    ['attempts', `${attempts}${failures.length > 0 ? ` (failed: ${failures.join(', ')})` : ''}`],
    [
      'answer time',
      `p50 ${latencyMs.p50} ms, p90 ${latencyMs.p90} ms, p99 ${latencyMs.p99} ms, max ${latencyMs.max} ms`,
    ],
    ['recordings', `${storage.fetched} fetched whole, in ${storage.requests} requests`],
  ]);
}

async function runDemo(options: Options): Promise<void> {
  const given = configOf(options);
  const isDefault = (name: 'dataDir' | 'logLevel'): boolean => given.origins[name] === 'default';
  const config = {
    ...given,
    // Simulated calls do not belong among real ones.
    ...(isDefault('dataDir') ? { dataDir: resolve('data-demo') } : {}),
    // A record per attempt would drown the narration; it can be asked for.
    ...(isDefault('logLevel') ? { logLevel: 'warn' as const } : {}),
  };
  const demo = await startDemo(config, options['calls'] as number, options['rate'] as number);
  announce(demo.service, config);
  say(
    '\nA simulated call platform pushes its calls; some of its links come late, break or lie, as real ones do.\n' +
      'What is safe is pushed on to a receiver that stands behind Earshot, with links of its own.\n',
  );
  const narration = narrate(demo);
  await untilStopped();
  clearInterval(narration);
  say('Stopping.');
  await demo.stop();
}

const narrateEveryMs = 2_000;

function narrate(demo: Demo): NodeJS.Timeout {
  let last = '';
  let hasShownCurl = false;
  return setInterval(() => {
    void demo.progress().then((progress) => {
      const line = `${progress.pushed} calls pushed, ${progress.acknowledged} pushes acknowledged (p99 ${progress.p99Ms} ms), ${progress.archived} recordings archived, ${progress.open} under way, ${progress.pushedOn} messages pushed on`;
      if (line !== last) say(line);
      last = line;
      if (hasShownCurl || !progress.sample) return;
      hasShownCurl = true;
      say(toCurl(demo, progress.sample));
    });
  }, narrateEveryMs);
}

function toCurl({ service }: Demo, sample: NonNullable<DemoProgress['sample']>): string {
  const key =
    service.secrets.apiKeyFile === undefined ? '$EARSHOT_API_KEY' : `$(cat ${service.secrets.apiKeyFile})`;
  const authorization = `-H "Authorization: Bearer ${key}"`;
  const name = sample.fileName.split('/').at(-1) ?? 'recording.wav';
  return [
    '',
    'One call, with its messages and its recording:',
    `  curl ${authorization} ${service.url}/api/v1/calls/${encodeURIComponent(sample.callId)}`,
    'Its audio, saved to a file:',
    `  curl ${authorization} -o ${name} ${service.url}/api/v1/recordings/${sample.recordingId}/audio`,
    'What was pushed on, and how that went:',
    `  curl ${authorization} ${service.url}/api/v1/deliveries`,
    '',
  ].join('\n');
}
