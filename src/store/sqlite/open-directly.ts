import type { Clock } from '../../domain/clock.js';
import type { InboxReader, InboxWriter, ReceivedPush } from '../inbox.js';
import type { ProjectionRebuild } from '../projection.js';
import type { ReaderRoles, WriterRoles } from '../store.js';
import { callsOn, commonRolesOver } from './common-roles.js';
import { InboxFileReader } from './inbox-reader.js';
import { InboxFileWriter } from './inbox-writer.js';
import { packPushes } from './packed-rows.js';
import type { SqliteFiles } from './sqlite-files.js';
import { openStoreReader, openStoreWriter } from './store-file.js';
import { asynchronous, directReaderRoles } from './thread-roles.js';

/**
 * Both files opened in this thread: for commands that run beside a server (SQLite's own locks keep the two
 * apart) or without one.
 */
export function openDirectly(files: SqliteFiles, clock: Clock) {
  const writer = openStoreWriter(files.store);
  const reader = openStoreReader(files.store);
  const inbox = new InboxFileWriter({ file: files.inbox, idsBeyond: reader.journal.cursors().sorter }, clock);
  inbox.open();
  const inboxReader = new InboxFileReader(files.inbox);
  const writers: WriterRoles = {
    journalWriter: asynchronous(writer.journal),
    projection: asynchronous(writer.projection),
    publishing: asynchronous(writer.publishing),
  };
  const readers: ReaderRoles = directReaderRoles(reader);
  const inboxWriter = asynchronous<InboxWriter>({
    append: (pushes: readonly ReceivedPush[]) => {
      inbox.append(packPushes(pushes));
    },
    discard: inbox.discard.bind(inbox),
    discardOf: inbox.discardOf.bind(inbox),
    probe: inbox.probe.bind(inbox),
  });
  return {
    ...writers,
    ...readers,
    ...commonRolesOver(callsOn(reader), callsOn(writer)),
    inbox: inboxWriter,
    inboxReader: inboxReader satisfies InboxReader,
    rebuild: asynchronous<ProjectionRebuild>(writer.rebuild),
    check: () => ({ inbox: inboxReader.check(), store: reader.file.check() }),
    close: () => {
      inboxReader.close();
      inbox.close();
      reader.file.close();
      writer.file.close();
    },
  };
}
