import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import type { Random } from '../../src/domain/clock.js';
import type { SystemCall } from './system-calls.js';

type Change = { readonly offset: number; readonly data: Buffer } | { readonly size: number };

/** A file's contents or a folder's names: changes in order, of which the first `durable` have reached the disk. */
interface Track<T> {
  readonly changes: T[];
  durable: number;
}

interface File extends Track<Change> {
  readonly kind: 'file';
}

interface Folder extends Track<{ readonly name: string; readonly node: File | Folder | undefined }> {
  readonly kind: 'folder';
}

/**
 * A disk that keeps nothing it was not told to keep. What is in a file is durable once the file was flushed,
 * its name once the folder was; a name that was not flushed may be gone although the file was. That is
 * stricter than most file systems are, and all that POSIX promises. Memory maps (SQLite's -shm) are not
 * modelled: they are never needed after a power loss.
 */
export class DiskModel {
  readonly #root: Folder = { kind: 'folder', changes: [], durable: 0 };
  readonly #flushes = new Map<number, () => void>();

  /** `root` exists before anything is traced; what lies outside is no concern of ours. */
  constructor(private readonly root: string) {}

  apply(call: SystemCall): void {
    switch (call.kind) {
      case 'made':
        this.#name(
          call.path,
          call.isFolder
            ? { kind: 'folder', changes: [], durable: 0 }
            : { kind: 'file', changes: [], durable: 0 },
        );
        return;
      case 'written':
        this.#file(call.path)?.changes.push({ offset: call.offset, data: call.data });
        return;
      case 'truncated':
        this.#file(call.path)?.changes.push({ size: call.size });
        return;
      case 'renamed': {
        const node = this.#find(call.path);
        this.#name(call.path, undefined);
        this.#name(call.to, node);
        return;
      }
      case 'removed':
        this.#name(call.path, undefined);
        return;
      case 'flushing': {
        const node = this.#find(call.path);
        if (!node) return;
        const covered = node.changes.length;
        this.#flushes.set(call.flush, () => (node.durable = Math.max(node.durable, covered)));
        return;
      }
      case 'flushed':
        this.#flushes.get(call.flush)?.();
        this.#flushes.delete(call.flush);
        return;
      case 'answering':
    }
  }

  /** How many changes would be lost if the power went now. */
  get unsafeChanges(): number {
    const count = (node: File | Folder | undefined): number => {
      if (!node) return 0;
      const own = node.changes.length - node.durable;
      return node.kind === 'file'
        ? own
        : own +
            [...namesOf(node, node.changes.length).values()].reduce((sum, child) => sum + count(child), 0);
    };
    return count(this.#root);
  }

  /**
   * Writes below `target` what the disk holds if the power goes now: with `random`, some of what was not
   * flushed has made it all the same, here and there, as a disk's cache may have it.
   */
  async write(target: string, random?: Random): Promise<void> {
    await mkdir(target, { recursive: true });
    await writeNode(target, this.#root, random);
  }

  #file(path: string): File | undefined {
    const node = this.#find(path);
    return node?.kind === 'file' ? node : undefined;
  }

  #find(path: string): File | Folder | undefined {
    const steps = relative(this.root, path);
    if (steps.startsWith('..')) return undefined;
    let node: File | Folder | undefined = this.#root;
    for (const step of steps === '' ? [] : steps.split('/')) {
      if (node?.kind !== 'folder') return undefined;
      node = namesOf(node, node.changes.length).get(step);
    }
    return node;
  }

  #name(path: string, node: File | Folder | undefined): void {
    const folder = this.#find(dirname(path));
    if (folder?.kind === 'folder') folder.changes.push({ name: relative(dirname(path), path), node });
  }
}

function namesOf(folder: Folder, upTo: number): Map<string, File | Folder> {
  const names = new Map<string, File | Folder>();
  for (const { name, node } of folder.changes.slice(0, upTo)) {
    if (node) names.set(name, node);
    else names.delete(name);
  }
  return names;
}

async function writeNode(path: string, node: File | Folder, random: Random | undefined): Promise<void> {
  if (node.kind === 'file') {
    await writeFile(path, contentOf(node, random));
    return;
  }
  await mkdir(path, { recursive: true });
  const lucky = random ? Math.floor(random() * (node.changes.length - node.durable + 1)) : 0;
  for (const [name, child] of namesOf(node, node.durable + lucky)) {
    await writeNode(join(path, name), child, random);
  }
}

function contentOf({ changes, durable }: File, random: Random | undefined): Buffer {
  const kept = changes.filter(
    (_change, index) => index < durable || (random !== undefined && random() < 0.5),
  );
  let size = 0;
  for (const change of kept)
    size = 'size' in change ? change.size : Math.max(size, change.offset + change.data.length);
  const room = kept.reduce(
    (most, change) => Math.max(most, 'size' in change ? 0 : change.offset + change.data.length),
    size,
  );
  const content = Buffer.alloc(room);
  for (const change of kept) {
    if ('size' in change) content.fill(0, Math.min(change.size, room));
    else change.data.copy(content, change.offset);
  }
  return content.subarray(0, size);
}
