import type { RightWord } from '../../../../src/contract/session.ts';

export interface Section {
  readonly name: 'account' | 'sources' | 'people' | 'keys' | 'storage' | 'values';
  readonly right: RightWord;
}

/** In the order of the tabs. One's own account is everybody's; the rest is the administrator's. */
const sections: readonly Section[] = [
  { name: 'account', right: 'view' },
  { name: 'sources', right: 'administer' },
  { name: 'people', right: 'administer' },
  { name: 'keys', right: 'administer' },
  { name: 'storage', right: 'administer' },
  { name: 'values', right: 'administer' },
];

export function sectionsFor(rights: readonly RightWord[]): readonly Section[] {
  return sections.filter(({ right }) => rights.includes(right));
}
