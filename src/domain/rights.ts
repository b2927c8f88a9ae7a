/** Who asks: somebody signed in, a key, the key of the settings, or Earshot itself. */
export const actorKinds = ['account', 'key', 'administrator-key', 'earshot', 'nobody'] as const;
export type ActorKind = (typeof actorKinds)[number];

export interface Actor {
  readonly kind: ActorKind;
  /** Of the account or the key; the kind again where there is only one. */
  readonly id: string;
  readonly name: string;
  readonly rights: readonly Right[];
}

/**
 * What somebody may do.
 *
 * - `view`: calls, facts of recordings, endpoints and deliveries, how it goes
 * - `listen`: hear recordings
 * - `download`: take audio away: files, ZIPs, links as received, the feed
 * - `review`: comments, tags, views for everybody
 * - `export`: tables of calls
 * - `operate`: retry, quarantine, endpoints, deliveries, replays, publishing, deletion
 * - `administer`: people, keys, sources, settings, the audit log, demo data
 */
export const rights = ['view', 'listen', 'download', 'review', 'export', 'operate', 'administer'] as const;
export type Right = (typeof rights)[number];

export const accountRoles = ['administrator', 'operator', 'reviewer', 'viewer'] as const;
export type AccountRole = (typeof accountRoles)[number];

const rightsOfRole: Readonly<Record<AccountRole, readonly Right[]>> = {
  administrator: rights,
  operator: ['view', 'listen', 'download', 'review', 'export', 'operate'],
  reviewer: ['view', 'listen', 'review', 'export'],
  viewer: ['view'],
};

/** A role, and the two rights that can be given to one account or taken from it. */
export interface Grant {
  readonly role: AccountRole;
  /** Absent: as the role has it. */
  readonly mayListen?: boolean;
  readonly mayDownload?: boolean;
}

/** In the order of `rights`. A viewer never hears anything, whatever the account says. */
export function rightsOf({ role, mayListen, mayDownload }: Grant): readonly Right[] {
  if (role === 'viewer') return rightsOfRole.viewer;
  const granted = new Set(rightsOfRole[role]);
  set(granted, 'listen', mayListen);
  set(granted, 'download', mayDownload);
  return rights.filter((right) => granted.has(right));
}

function set(granted: Set<Right>, right: Right, may: boolean | undefined): void {
  if (may === true) granted.add(right);
  if (may === false) granted.delete(right);
}
