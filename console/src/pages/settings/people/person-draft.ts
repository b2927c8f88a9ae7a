import type { Person, PersonChange, PersonCreation, RoleWord } from '../../../../../src/contract/session.ts';
import { soundOfRole } from '../rights.ts';

/** What the form holds. */
export interface PersonDraft {
  readonly name: string;
  readonly displayName: string;
  readonly role: RoleWord;
  readonly listen: boolean;
  readonly download: boolean;
  /** Empty: it stays as it is. */
  readonly password: string;
  readonly isDisabled: boolean;
}

export function toDraft(person: Person | undefined): PersonDraft {
  return {
    name: person?.name ?? '',
    displayName: person?.displayName ?? '',
    role: person?.role ?? 'reviewer',
    listen: person?.rights.includes('listen') ?? true,
    download: person?.rights.includes('download') ?? false,
    password: '',
    isDisabled: person?.isDisabled ?? false,
  };
}

/** Another role brings its own choice of listening and downloading. */
export function withRole(draft: PersonDraft, role: RoleWord): PersonDraft {
  return { ...draft, role, ...soundOfRole[role] };
}

/** Told only where it differs from what the role has, so that a change of roles goes on meaning something. */
export function toCreation({
  name,
  displayName,
  role,
  listen,
  download,
  password,
}: PersonDraft): PersonCreation {
  const usual = soundOfRole[role];
  return {
    name: name.trim(),
    ...(displayName.trim() === '' ? {} : { displayName: displayName.trim() }),
    role,
    password,
    ...(listen === usual.listen ? {} : { mayListen: listen }),
    ...(download === usual.download ? {} : { mayDownload: download }),
  };
}

export function toChange({
  name,
  displayName,
  role,
  listen,
  download,
  password,
  isDisabled,
}: PersonDraft): PersonChange {
  const usual = soundOfRole[role];
  return {
    name: name.trim(),
    displayName: displayName.trim() === '' ? null : displayName.trim(),
    role,
    mayListen: listen === usual.listen ? null : listen,
    mayDownload: download === usual.download ? null : download,
    isDisabled,
    ...(password === '' ? {} : { password }),
  };
}
