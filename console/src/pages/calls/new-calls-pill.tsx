import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Icon } from '../../parts/icon.tsx';
import type { NewCalls } from './use-calls.ts';

/** Says that there is more, and waits to be asked for it. */
export function NewCallsPill({ news, onShow }: { readonly news: NewCalls; readonly onShow: () => void }) {
  const { t } = useTranslation('calls');
  const { count, isMore } = news;
  return (
    <span role="status">
      {count > 0 && (
        <Button radius="xl" leftSection={<Icon name="up" size={14} />} onClick={onShow}>
          {isMore ? t('newMore', { count }) : t('new', { count })}
        </Button>
      )}
    </span>
  );
}
