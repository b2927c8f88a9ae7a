import { Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Card } from '../../parts/card.tsx';
import { DemoData } from '../../set-up/demo-data.tsx';
import { StorageCheck } from '../../set-up/storage-check.tsx';

export function StorageSection() {
  const { t } = useTranslation(['settings', 'set-up']);
  return (
    <Stack gap="sm" maw={860}>
      <Card title={t('storage.title')}>
        <Text size="sm" mb="xs">
          {t('storage.text')}
        </Text>
        <StorageCheck />
      </Card>
      <Card title={t('set-up:demo.title')}>
        <Text size="sm" mb="xs">
          {t('set-up:demo.text')}
        </Text>
        <DemoData />
      </Card>
    </Stack>
  );
}
