import type { RightWord, RoleWord } from '../../../../src/contract/session.ts';

/** In the order of growing power. */
export const allRights: readonly RightWord[] = [
  ...(['view', 'listen', 'download', 'review', 'export', 'operate', 'administer'] as const),
];

export const allRoles: readonly RoleWord[] = ['administrator', 'operator', 'reviewer', 'viewer'];

/** What a role has by itself of the two rights that can be given and taken apart from it. */
export const soundOfRole: Readonly<
  Record<RoleWord, { readonly listen: boolean; readonly download: boolean }>
> = {
  administrator: { listen: true, download: true },
  operator: { listen: true, download: true },
  reviewer: { listen: true, download: false },
  viewer: { listen: false, download: false },
};
