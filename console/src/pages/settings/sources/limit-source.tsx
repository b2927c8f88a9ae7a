import { Button, Group, Modal, NumberInput, Stack, Textarea } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Source } from '../../../../../src/contract/sources.ts';
import { useClient } from '../../../client.ts';
import { ProblemAlert } from '../../../parts/problem-alert.tsx';
import { queryKeys } from '../../../query-keys.ts';

const bytesPerMib = 1024 ** 2;

/** Bounds what a source may bring in a day, and where its links may lead to. */
export function LimitSource({ source }: { readonly source: Source }) {
  const { t } = useTranslation(['settings', 'common']);
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button variant="default" onClick={() => setOpen(true)}>
        {t('sources.limit')}
      </Button>
      <Modal
        opened={isOpen}
        onClose={() => setOpen(false)}
        title={t('sources.limitTitle', { name: source.name })}
        closeButtonProps={{ 'aria-label': t('common:close') }}
      >
        <LimitForm source={source} onDone={() => setOpen(false)} />
      </Modal>
    </>
  );
}

function LimitForm({ source, onDone }: { readonly source: Source; readonly onDone: () => void }) {
  const { t } = useTranslation(['settings', 'common']);
  const client = useClient();
  const queryClient = useQueryClient();
  const [pushes, setPushes] = useState(toMib(source.pushBytesPerDay));
  const [recordings, setRecordings] = useState(toMib(source.recordingBytesPerDay));
  const [hosts, setHosts] = useState((source.recordingHosts ?? []).join('\n'));
  const change = useMutation({
    mutationFn: () => {
      const patterns = hosts.split(/[\s,]+/).filter((host) => host !== '');
      return client.sources.change(source.id, {
        pushBytesPerDay: toBytes(pushes),
        recordingBytesPerDay: toBytes(recordings),
        recordingHosts: patterns.length === 0 ? null : patterns,
      });
    },
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: queryKeys.sources });
      onDone();
    },
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        change.mutate();
      }}
    >
      <Stack gap="sm">
        {change.error && <ProblemAlert error={change.error} />}
        <NumberInput
          label={t('sources.pushesPerDay')}
          description={t('sources.pushesPerDayText')}
          suffix=" MB"
          allowNegative={false}
          value={pushes}
          onChange={setPushes}
        />
        <NumberInput
          label={t('sources.recordingsPerDay')}
          description={t('sources.recordingsPerDayText')}
          suffix=" MB"
          allowNegative={false}
          value={recordings}
          onChange={setRecordings}
        />
        <Textarea
          label={t('sources.hosts')}
          description={t('sources.hostsText')}
          autosize
          minRows={2}
          value={hosts}
          onChange={(event) => setHosts(event.currentTarget.value)}
        />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onDone}>
            {t('common:cancel')}
          </Button>
          <Button type="submit" loading={change.isPending}>
            {t('save')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function toMib(bytes: number | undefined): number | string {
  return bytes === undefined ? '' : bytes / bytesPerMib;
}

function toBytes(mib: number | string): number | null {
  return mib === '' ? null : Math.round(Number(mib) * bytesPerMib);
}
