import type { InboxReader, ReceivedPush, Spool, StoredPush } from '../../src/store/inbox.js';

/** A spool without a disk: what it keeps, and the reading of it. */
export interface MemorySpool extends Spool, Pick<InboxReader, 'read'> {
  readonly pushes: readonly StoredPush[];
}

export function openMemorySpool(): MemorySpool {
  let pushes: StoredPush[] = [];
  let lastId = 0;
  return {
    get pushes() {
      return pushes;
    },
    append: (group: readonly ReceivedPush[]) => {
      pushes.push(...group.map((push) => ({ ...push, id: ++lastId })));
      return Promise.resolve();
    },
    probe: () => Promise.resolve(),
    read: (after, maxPushes, maxBytes) => {
      const page: StoredPush[] = [];
      let bytes = 0;
      for (const push of pushes.filter(({ id }) => id > after).slice(0, maxPushes)) {
        bytes += push.body.byteLength;
        if (page.length > 0 && bytes > maxBytes) break;
        page.push(push);
      }
      return Promise.resolve(page);
    },
    remove: (first, last) => {
      pushes = pushes.filter(({ id }) => id < first || id > last);
      return Promise.resolve();
    },
    usage: () => Promise.resolve({ pending: pushes.length, bytes: 0 }),
  };
}
