import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';

/** What a traced process did to its files and told its peers, in the order in which it counts. */
export type SystemCall =
  | { readonly kind: 'made'; readonly path: string; readonly isFolder: boolean }
  | { readonly kind: 'written'; readonly path: string; readonly offset: number; readonly data: Buffer }
  | { readonly kind: 'truncated'; readonly path: string; readonly size: number }
  | { readonly kind: 'renamed'; readonly path: string; readonly to: string }
  | { readonly kind: 'removed'; readonly path: string }
  /** A flush begins, and with it ends what it covers. `flush` pairs it with its end. */
  | { readonly kind: 'flushing'; readonly path: string; readonly flush: number }
  | { readonly kind: 'flushed'; readonly flush: number }
  /** The first bytes of an HTTP answer go out to the peer at this port of 127.0.0.1. */
  | { readonly kind: 'answering'; readonly port: number };

/** Arguments for strace: every call that `readTrace` knows, strings whole, what descriptors stand for. */
export function straceArguments(file: string): readonly string[] {
  const calls =
    'openat,creat,write,writev,pwrite64,pwritev,pwritev2,ftruncate,fallocate,rename,renameat,renameat2,' +
    'unlink,unlinkat,mkdir,mkdirat,fsync,fdatasync,sendto,sendmsg';
  // -D keeps the pid of the process itself, -f follows its threads.
  return ['-D', '-f', '-yy', '-qq', '-s', '4194304', '-e', `trace=${calls}`, '-e', 'signal=none', '-o', file];
}

export const needsStrace = 'skipped: strace is not on this machine (npm test installs it as root)';

export function hasStrace(): Promise<boolean> {
  return new Promise((resolve) => {
    execFile('strace', ['--version'], (error) => {
      resolve(error === null);
    });
  });
}

/** Everything in a file that strace wrote. */
export async function readTrace(file: string): Promise<SystemCall[]> {
  // latin1: strace writes bytes above 127 as escapes, and paths here are ASCII.
  const lines = createInterface({ input: createReadStream(file, 'latin1'), crlfDelay: Infinity });
  const all: string[] = [];
  lines.on('line', (line) => all.push(line));
  await once(lines, 'close');
  return [...readSystemCalls(all)];
}

/**
 * Reads what strace wrote. The order is chosen against the traced process: a write counts from its return
 * on, a flush covers what had returned before it was called, an answer is given when it is begun.
 */
function* readSystemCalls(lines: Iterable<string>): Generator<SystemCall> {
  const unfinished = new Map<string, string>();
  const flushOf = new Map<string, number>();
  const reader = new CallReader();
  let flushes = 0;
  for (const line of lines) {
    const [, thread = '', rest = ''] = /^(\d+) +(.*)$/s.exec(line) ?? [];
    const resumed = /^<\.\.\. \w+ resumed>(.*)$/s.exec(rest);
    const isUnfinished = rest.endsWith(' <unfinished ...>');
    const begun = resumed ? undefined : rest.replace(/ <unfinished \.\.\.>$/, '');

    if (begun !== undefined) {
      const flush = /^f(?:data)?sync\(\d+<(.*?)>\)?/.exec(begun);
      if (flush) {
        flushOf.set(thread, ++flushes);
        yield { kind: 'flushing', path: flush[1] ?? '', flush: flushes };
      }
      const answer =
        /^(?:write|writev|sendto|sendmsg)\(\d+<TCP:\[[^\]]*->127\.0\.0\.1:(\d+)\]>, [^"]{0,80}"HTTP\/1\.1 /.exec(
          begun,
        );
      if (answer) yield { kind: 'answering', port: Number(answer[1]) };
      if (isUnfinished) {
        unfinished.set(thread, begun);
        continue;
      }
    }
    const whole = begun ?? `${unfinished.get(thread) ?? ''}${resumed?.[1] ?? ''}`;
    unfinished.delete(thread);
    const [, call = '', result = ''] = /^(.*\)) += (-?\d+|\?)[^=]*$/s.exec(whole) ?? [];
    if (call === '' || result === '?' || result.startsWith('-')) continue;
    if (/^f(?:data)?sync\(/.test(call)) yield { kind: 'flushed', flush: flushOf.get(thread) ?? 0 };
    else yield* reader.read(call, whole, Number(result));
  }
}

/** Turns calls that have returned into what they did. Descriptors belong to all threads alike. */
class CallReader {
  readonly #known = new Set<string>();
  /** Where a write without an offset goes, by path: nobody here opens one file twice to append to it. */
  readonly #positions = new Map<string, number>();

  *read(call: string, whole: string, result: number): Generator<SystemCall> {
    const name = call.slice(0, call.indexOf('('));
    const [first = '', second = ''] = pathsIn(call);
    const fd = /\(\d+<(\/.*?)>/.exec(call)?.[1] ?? '';
    switch (name) {
      case 'mkdir':
      case 'mkdirat':
        yield { kind: 'made', path: first, isFolder: true };
        return;
      case 'openat':
      case 'creat': {
        const path = /= \d+<(\/.*?)>/.exec(whole)?.[1] ?? first;
        this.#positions.set(path, 0);
        if (name === 'openat' && !call.includes('O_CREAT')) return;
        if (call.includes('O_TRUNC')) yield { kind: 'truncated', path, size: 0 };
        if (this.#known.has(path)) return;
        this.#known.add(path);
        yield { kind: 'made', path, isFolder: false };
        return;
      }
      case 'write':
      case 'writev':
      case 'pwrite64':
      case 'pwritev':
      case 'pwritev2': {
        if (fd === '') return;
        const data = Buffer.concat(stringsIn(call)).subarray(0, result);
        // pwritev2 alone has flags behind the offset.
        const given = (name === 'pwritev2' ? /, (\d+), \w+\)$/ : /, (\d+)\)$/).exec(call)?.[1];
        const offset = name.startsWith('p') ? Number(given) : (this.#positions.get(fd) ?? 0);
        if (!name.startsWith('p')) this.#positions.set(fd, offset + data.length);
        yield { kind: 'written', path: fd, offset, data };
        return;
      }
      case 'ftruncate':
        yield { kind: 'truncated', path: fd, size: Number(/, (\d+)\)$/.exec(call)?.[1]) };
        return;
      case 'rename':
      case 'renameat':
      case 'renameat2':
        this.#known.delete(first);
        this.#known.add(second);
        yield { kind: 'renamed', path: first, to: second };
        return;
      case 'unlink':
      case 'unlinkat':
        this.#known.delete(first);
        yield { kind: 'removed', path: first };
        return;
      default:
        throw new Error(`a call that the model does not know: ${call.slice(0, 200)}`);
    }
  }
}

function pathsIn(call: string): string[] {
  return stringsIn(call.slice(0, 4_000))
    .map(String)
    .filter((text) => text.startsWith('/'));
}

/** By hand: a write of a megabyte is one string here, too long for a regular expression that counts escapes. */
function stringsIn(call: string): Buffer[] {
  const strings: Buffer[] = [];
  for (let open = call.indexOf('"'); open !== -1;) {
    let close = open + 1;
    while (close < call.length && call[close] !== '"') close += call[close] === '\\' ? 2 : 1;
    strings.push(unescape(call.slice(open + 1, close)));
    open = call.indexOf('"', close + 1);
  }
  return strings;
}

const escapes: Readonly<Record<string, number>> = { n: 10, t: 9, r: 13, v: 11, f: 12, '"': 34, '\\': 92 };

/** strace writes bytes as C does: `\n`, `\0`, `\177`; everything else as it is. */
function unescape(text: string): Buffer {
  const bytes = Buffer.allocUnsafe(text.length);
  let length = 0;
  for (let at = 0; at < text.length; at++) {
    let byte = text.charCodeAt(at);
    if (byte === 0x5c) {
      const next = text[++at] ?? '';
      byte = escapes[next] ?? 0;
      if (next >= '0' && next <= '7') {
        const octal = /^[0-7]{1,3}/.exec(text.slice(at, at + 3))?.[0] ?? '0';
        byte = parseInt(octal, 8);
        at += octal.length - 1;
      }
    }
    bytes[length++] = byte;
  }
  return bytes.subarray(0, length);
}
