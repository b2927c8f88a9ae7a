import { useTranslation } from 'react-i18next';
import type { AuditRecord } from '../../../src/contract/audit.ts';

type Actor = Pick<AuditRecord['actor'], 'kind' | 'name'>;

/** Who did something: people and keys by their names, the others in the language that is shown. */
export function useActorName(): (actor: Actor) => string {
  const { t } = useTranslation();
  return ({ kind, name }) => (kind === 'account' || kind === 'key' ? name : t(`actor.${kind}`));
}
