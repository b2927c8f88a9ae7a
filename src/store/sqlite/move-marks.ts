import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { AppError } from '../../domain/errors.js';
import type { CopyState, MoveMarks } from '../copying.js';
import type { Synchronous } from './connection.js';

interface Marks {
  readonly identity?: string;
  readonly movedTo?: string;
  /** Of what store this one is, or becomes, the copy. */
  readonly copyOf?: string;
  readonly isCopyFinished?: boolean;
}

/**
 * What an embedded store remembers of moves: a small file of its own beside the other two, so that neither needs a
 * schema for it, and a person can read, and in need delete, the note that keeps a server from starting.
 */
export class MoveMarksFile implements Synchronous<MoveMarks> {
  constructor(
    private readonly file: string,
    /** Makes an identity; `isEmpty` tells whether the store holds anything. */
    private readonly given: { readonly newIdentity: () => string; readonly isEmpty: () => boolean },
  ) {}

  identity(): string {
    const known = this.#read().identity;
    if (known !== undefined) return known;
    const identity = this.given.newIdentity();
    this.#write({ ...this.#read(), identity });
    return identity;
  }

  movedTo(): string | undefined {
    return this.#read().movedTo;
  }

  setMovedTo(place: string | undefined): void {
    const { movedTo: _movedTo, ...others } = this.#read();
    this.#write(place === undefined ? others : { ...others, movedTo: place });
  }

  beginCopy(source: string): CopyState {
    const { copyOf, isCopyFinished } = this.#read();
    if (copyOf === source) return isCopyFinished === true ? 'finished' : 'resumed';
    if (copyOf !== undefined || !this.given.isEmpty()) {
      throw new AppError(
        'move-refused',
        `${dirname(this.file)} holds something else already; a move needs an empty place, or the one that it had begun with.`,
      );
    }
    this.#write({ ...this.#read(), copyOf: source, isCopyFinished: false });
    return 'begun';
  }

  finishCopy(): void {
    this.#write({ ...this.#read(), isCopyFinished: true });
  }

  isCopyFinished(): boolean {
    return this.#read().isCopyFinished === true;
  }

  #read(): Marks {
    let text: string;
    try {
      text = readFileSync(this.file, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
      throw error;
    }
    return JSON.parse(text) as Marks;
  }

  /** In one step, and on the disk when this returns. */
  #write(marks: Marks): void {
    const next = `${this.file}.new`;
    const handle = openSync(next, 'w', 0o600);
    try {
      writeSync(handle, `${JSON.stringify(marks, null, 2)}\n`);
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    renameSync(next, this.file);
    const folder = openSync(dirname(this.file), 'r');
    try {
      fsyncSync(folder);
    } finally {
      closeSync(folder);
    }
  }
}
