import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command, CommanderError } from 'commander';
import { expect, it } from 'vitest';
import { addCommands } from '../../src/cli/families.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const read = (file: string) => readFileSync(join(root, file), 'utf8');
const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
const { paths } = JSON.parse(read('docs/openapi.json')) as { paths: Record<string, Record<string, unknown>> };

const pages = [
  ...['README.md', 'CONTRIBUTING.md', 'compose.yaml'],
  ...readdirSync(join(root, 'docs')).flatMap((file) => (file.endsWith('.md') ? [`docs/${file}`] : [])),
];

/** Every command of a page: the lines of its shell blocks, and what stands in the text between backticks. */
function commandsOf(page: string): string[] {
  const text = read(page);
  const blocks = page.endsWith('.yaml')
    ? [...text.matchAll(/^# {3}(.+)$/gm)]
    : [...text.matchAll(/^```sh\n([^]*?)\n```$/gm)];
  const lines = blocks.flatMap(([, block = '']) => block.replaceAll(/\\\n\s*/g, ' ').split('\n'));
  const inline = [
    ...text.replaceAll(/^```[^]*?^```$/gm, '').matchAll(/`((?:npm|npx|earshot|node|docker) [^`]+)`/g),
  ];
  return [...lines, ...inline.map(([, code = '']) => code.replaceAll('\n', ' ').split(' | ')[0] ?? '')]
    .map((line) => line.replace(/(^|\s)#.*$/, '').trim())
    .flatMap((line) => line.split(/\s(?:&&|\|\|?|;)\s/))
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

/** Words as a shell would make them of a line; what it would put in is left as it stands. */
function wordsOf(line: string): string[] {
  const words = line.match(/(?:\$\([^)]*\)|"[^"]*"|'[^']*'|[^\s"'])+/g) ?? [];
  const plain = words.map((word) => word.replaceAll(/^["']|["']$/g, ''));
  const redirected = plain.findIndex((word) => /^\d?[<>]/.test(word));
  return redirected === -1 ? plain : plain.slice(0, redirected);
}

/** Calls the command line with everything in place but the acts. */
async function callEarshot(words: readonly string[]): Promise<string | undefined> {
  const program = new Command('earshot').exitOverride().version('0');
  await addCommands(program);
  const quiet = (command: Command): void => {
    command.exitOverride().configureOutput({ writeOut: () => undefined, writeErr: () => undefined });
    if (command.commands.length === 0) command.action(() => undefined);
    command.commands.forEach(quiet);
  };
  quiet(program);
  try {
    await program.parseAsync([...words], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    // Help and version end so, too. In a sentence a command may stand without its arguments.
    const isHarmless = ['commander.missingArgument', 'commander.help'].includes(error.code);
    if (error.exitCode !== 0 && !isHarmless) return error.message;
  }
  return undefined;
}

const otherPrograms = new Set([
  ...['cd', 'echo', 'export', 'exec', 'for', 'git', 'install', 'systemctl', 'systemd-sysusers', 'journalctl'],
  ...[
    'sqlite3',
    'openssl',
    'psql',
    'eval',
    'kubectl',
    'pip',
    'python3',
    'java',
    'javac',
    'ulimit',
    'kill',
    'ps',
    'wait',
  ],
]);

/** What is wrong with one command; undefined where nothing is. */
async function check(words: string[]): Promise<string | undefined> {
  const [program = '', ...rest] = words.filter((word) => !/^[A-Z_0-9]+=/.test(word));
  switch (program) {
    case '':
      return undefined;
    case 'npm': {
      const [act = '', ...others] = rest.filter((word) => word !== '-s');
      if (['ci', 'install', 'prune', 'pack', 'audit'].includes(act)) return undefined;
      const name = act === 'run' ? (others[0] ?? '') : act;
      if (scripts[name] === undefined) return `there is no script ${name}`;
      if (name === 'earshot') return check(['earshot', ...others.slice(others.indexOf('--') + 1)]);
      if (name === 'start' && others.includes('--')) {
        return callEarshot(['serve', ...others.slice(others.indexOf('--') + 1)]);
      }
      return undefined;
    }
    case 'earshot':
      // Of `a | b | c` in a sentence each is a command; `…` stands for anything.
      return rest.includes('…') || rest[0] === 'COMMAND' ? undefined : callEarshot(rest);
    case 'node': {
      const [file = '', ...others] = rest.filter((word) => !word.startsWith('-') || rest.indexOf(word) > 0);
      if (file.endsWith('dist/cli/main.js')) return callEarshot(others);
      return file === '' || file === '-e' || existsSync(join(root, file)) ? undefined : `there is no ${file}`;
    }
    case 'npx':
      return existsSync(join(root, 'node_modules/.bin', rest[0] ?? '')) ? undefined : `nobody has ${rest[0]}`;
    case 'runuser':
    case 'env':
    case 'sudo':
      return check(rest.slice(program === 'runuser' ? rest.indexOf('--') + 1 : 0));
    case 'docker': {
      const inside = rest.indexOf('exec') === -1 ? [] : rest.slice(rest.indexOf('exec') + 2);
      return inside.length > 0 ? check(inside) : undefined;
    }
    case 'curl': {
      const url = rest.find((word) => word.startsWith('http'));
      const path = url === undefined ? undefined : new URL(url).pathname;
      if (path === undefined || !path.startsWith('/api/')) return undefined;
      const known = Object.keys(paths).find((each) =>
        new RegExp(`^${each.replaceAll(/\{[^}]*\}/g, '[^/]+')}$`).test(path),
      );
      return known === undefined ? `there is no route ${path}` : undefined;
    }
    default:
      return otherPrograms.has(program) || program.startsWith('deploy/')
        ? undefined
        : `${program} is a program that this test does not know`;
  }
}

it.each(pages)('%s has command lines that can be called as they stand', async (page) => {
  const wrong: string[] = [];
  for (const command of commandsOf(page)) {
    const reason = await check(wordsOf(command));
    if (reason !== undefined) wrong.push(`${command}: ${reason}`);
  }
  expect(wrong).toEqual([]);
});
