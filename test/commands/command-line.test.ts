import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { addCommands, families } from '../../src/cli/families.js';
import { isOnPath } from '../support/is-on-path.js';
import { makeTemporaryFolder } from '../support/temporary-folder.js';

const entry = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
const folder = makeTemporaryFolder;

function earshot(...args: string[]) {
  const env = { PATH: process.env['PATH'] ?? '' };
  const { status, stdout, stderr } = spawnSync(process.execPath, [entry, ...args], {
    ...{ cwd: folder(), env, encoding: 'utf8' },
  });
  return { code: status, stdout, words: stdout + stderr };
}

async function everyCommand(): Promise<Command[]> {
  const program = new Command('earshot');
  await addCommands(program);
  const leaves = (command: Command): Command[] =>
    command.commands.length === 0 ? [command] : command.commands.flatMap(leaves);
  return leaves(program);
}

describe('a command', () => {
  it('prints for programs, unless it runs until it is stopped', async () => {
    const without = (await everyCommand())
      .filter(({ options }) => !options.some(({ long }) => long === '--json'))
      .map((command) => command.name());
    expect(without).toEqual(['serve', 'demo']);
  });

  it('is found by its family, so that it loads nothing else', async () => {
    for (const { commands, add } of families) {
      const program = new Command('earshot');
      (await add())(program);
      expect(program.commands.map((command) => command.name()).sort()).toEqual([...commands].sort());
    }
  });
});

describe('help', () => {
  it.each([
    [['help', 'stauts'], /unknown command 'stauts'[^]*Did you mean status/],
    [['help', 'endpont'], /unknown command 'endpont'[^]*Did you mean endpoint/],
    [['help', 'endpoint', 'lsit'], /unknown command 'lsit'[^]*Did you mean list/],
    [['endpoint', 'help', 'shwo'], /unknown command 'shwo'[^]*Did you mean show/],
    [['help', 'frob'], /unknown command 'frob'/],
    [['stauts'], /unknown command 'stauts'[^]*Did you mean status/],
  ])('for what there is not names the nearest command: %j', (words, sentence) => {
    const { code, words: said } = earshot(...words);
    expect([code, said]).toEqual([2, expect.stringMatching(sentence)]);
    expect(said.split('\n').length).toBeLessThan(6);
  });

  it.each([
    [['help'], 'Usage: earshot '],
    [['help', 'key'], 'Usage: earshot key'],
    [['help', 'key', 'add'], 'Usage: earshot key'],
    [['key', 'help', 'add'], 'Usage: earshot key add'],
    [['endpoint', 'add', '--help'], 'Usage: earshot endpoint add'],
  ])('for what there is shows it: %j', (words, usage) => {
    const { code, words: said } = earshot(...words);
    expect([code, said]).toEqual([0, expect.stringContaining(usage)]);
  });
});

describe('completion', () => {
  /** What bash offers behind these words. */
  const complete = (...words: string[]): string[] => {
    const line = ['earshot', ...words].map((word) => `'${word}'`).join(' ');
    const ask = `COMP_WORDS=(${line}); COMP_CWORD=${words.length}; _earshot; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const script = `${earshot('completion', 'bash').stdout}\n${ask}`;
    return spawnSync('bash', ['-c', script], { encoding: 'utf8' }).stdout.trim().split('\n');
  };

  it.skipIf(!isOnPath('bash'))('of bash offers commands, those below them, and their flags', () => {
    expect(complete('en')).toEqual(['endpoint']);
    expect(complete('endpoint', 'p')).toEqual(['pause']);
    expect(complete('endpoint', 'replay', 'e1', '--pre')).toEqual(['--preview']);
    expect(complete('key', 'add', '--sc')).toEqual(['--scope']);
  });

  it('is there for other shells, and refused for what is none', () => {
    expect(earshot('completion', 'zsh').stdout).toContain('bashcompinit');
    expect(earshot('completion', 'fish').stdout).toContain('complete -c earshot');
    expect(earshot('completion', 'cmd.exe').code).toBe(2);
  });
});
