import { Badge } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Exchanged } from './exchange.tsx';

const tones = { ok: 'teal', retry: 'orange', refuse: 'red', aborted: 'gray' } as const;

/** How a try ended, in a word. */
export function OutcomeBadge({ outcome }: { readonly outcome: Exchanged['outcome'] }) {
  const { t } = useTranslation('exchange');
  return <Badge color={tones[outcome]}>{t(`outcome.${outcome}`)}</Badge>;
}
