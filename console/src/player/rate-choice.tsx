import { NativeSelect } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../i18n/use-format.ts';
import type { Player } from './player.ts';
import { rates, type PlayerState } from './player-state.ts';

/** How fast; voices keep their pitch. */
export function RateChoice({ player, state }: { readonly player: Player; readonly state: PlayerState }) {
  const { t } = useTranslation('player');
  const format = useFormat();
  return (
    <NativeSelect
      aria-label={t('rate')}
      w={88}
      value={String(state.rate)}
      onChange={(event) => player.setRate(Number(event.currentTarget.value))}
      data={rates.map((rate) => ({ value: String(rate), label: `${format.number(rate)} ×` }))}
    />
  );
}
