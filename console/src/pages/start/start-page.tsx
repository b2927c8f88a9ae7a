import { Stack } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { PageHeader } from '../../parts/page-header.tsx';
import { DemoData } from '../../set-up/demo-data.tsx';
import { StorageCheck } from '../../set-up/storage-check.tsx';
import { ConnectStep } from './connect-step.tsx';
import { EndpointStep } from './endpoint-step.tsx';
import { Step } from './step.tsx';

/** The way from an empty Earshot to one that receives, archives and pushes on. */
export function StartPage() {
  const { t } = useTranslation(['start', 'set-up']);
  const [isStorageFine, setStorageFine] = useState(false);
  return (
    <Stack gap="sm" maw={860}>
      <PageHeader title={t('title')} description={t('description')} />
      <ConnectStep />
      <Step title={t('storage.title')} isDone={isStorageFine} text={t('storage.text')}>
        <StorageCheck onFine={() => setStorageFine(true)} />
      </Step>
      <EndpointStep />
      <Step title={t('set-up:demo.title')} text={t('set-up:demo.text')}>
        <DemoData />
      </Step>
    </Stack>
  );
}
