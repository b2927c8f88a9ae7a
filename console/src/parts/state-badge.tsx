import { Badge } from '@mantine/core';
import { useTranslation } from 'react-i18next';

/** Every state of anything, with what its colour says: in order, on its way, at rest, wrong, needs somebody. */
const tones = {
  archived: 'teal',
  delivered: 'teal',
  active: 'teal',
  done: 'teal',
  pending: 'sea',
  waiting: 'sea',
  running: 'sea',
  paused: 'gray',
  cancelled: 'gray',
  expired: 'gray',
  deleted: 'gray',
  lost: 'red',
  dead: 'red',
  failed: 'red',
  failing: 'orange',
  troubled: 'orange',
  blocked: 'orange',
} as const;

export type State = keyof typeof tones;

/** A state in words; the colour only repeats it. */
export function StateBadge({ state }: { readonly state: State }) {
  const { t } = useTranslation();
  return (
    <Badge color={tones[state]} miw="max-content">
      {t(`state.${state}`)}
    </Badge>
  );
}
