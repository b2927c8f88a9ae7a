import { useTranslation } from 'react-i18next';
import { useEndpoints } from '../../endpoints/use-endpoints.ts';
import { formatClock } from '../../i18n/format.ts';
import { useFormat } from '../../i18n/use-format.ts';
import { useActorName } from '../../parts/use-actor-name.ts';
import { useReasons } from '../../reasons/use-reasons.ts';
import type { Happening } from './timeline.ts';

/** Acts of people that have a sentence of their own. */
const acts = [
  'call.viewed',
  'recording.opened',
  'recording.heard',
  'recording.downloaded',
  'recording.published',
  'recording.retried',
  'recording.acknowledged',
  'recording.deleted',
  'comment.created',
  'comment.changed',
  'comment.removed',
  'tag.added',
  'tag.removed',
] as const;

const messageTypes = ['AlicomAgentCallRecord', 'AlicomAgentCallReport', 'AlicomAgentCallNote'] as const;

/** Says what happened, in the language that is shown. */
export function useSentence(): (happening: Happening) => string {
  const { t } = useTranslation('call');
  const format = useFormat();
  const reasonOf = useReasons();
  const actorName = useActorName();
  const endpoints = useEndpoints();
  const nameOf = (id: string): string => endpoints.data?.find((each) => each.id === id)?.name ?? id;
  return (happening) => {
    switch (happening.kind) {
      case 'received': {
        const type = messageTypes.find((each) => each === happening.type);
        return t(`told.received.${type ?? 'other'}`, { source: happening.source });
      }
      case 'archived':
        return t('told.archived', {
          size: format.bytes(happening.bytes),
          length: happening.seconds === undefined ? '–' : formatClock(happening.seconds),
        });
      case 'failed':
      case 'lost':
      case 'blocked': {
        const { name, cause } = reasonOf('download', happening.reason);
        return t(`told.${happening.kind}`, { reason: cause === '' ? name : cause });
      }
      case 'cut':
      case 'delivered':
      case 'dead':
        return t(`told.${happening.kind}`, { endpoint: nameOf(happening.delivery.endpointId) });
      case 'done': {
        const act = acts.find((each) => each === happening.action);
        const actor = actorName(happening.actor);
        if (act === undefined) return t('told.act.other', { actor, action: happening.action });
        return t(`told.act.${act.replace('.', '-') as 'call-viewed'}`, {
          actor,
          length: formatClock(happening.seconds ?? 0),
        });
      }
      default:
        return t(`told.${happening.kind}`);
    }
  };
}
