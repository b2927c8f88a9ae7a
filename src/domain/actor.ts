import type { Right } from './rights.js';

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
