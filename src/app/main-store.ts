import type { InboxState } from '../intake/spooling-inbox.js';
import type { InboxReader } from '../store/inbox.js';
import type { SharedRoles } from '../store/shared-roles.js';
import type { Store } from '../store/store.js';
import type { StoreAccess } from './store-access.js';

export type StoreKind = 'embedded' | 'postgres';
export type ThreadName = 'pipeline' | 'archive' | 'analyse' | 'deliver' | 'export';

/** The store as the main thread has it. */
export interface MainStore extends Store {
  readonly kind: StoreKind;
  readonly inboxReader: Pick<InboxReader, 'backlog'>;
  /** Where other processes may work on it, too. */
  readonly shared?: SharedRoles;
  /** Resolves once all of it is open. A database elsewhere is asked until it answers; rejects for what a person must mend. */
  readonly ready: Promise<void>;
  /** Resolves, without waiting any longer, where a database elsewhere does not answer. Otherwise as `ready`. */
  readonly tried: Promise<void>;
  /** Where pushes go, where there is more than one place; absent where this process takes none, too. */
  readonly inboxState?: () => Promise<InboxState>;
  /** For one more thread. */
  accessFor(thread: ThreadName): StoreAccess;
}
