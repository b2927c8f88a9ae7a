import { Checkbox, SegmentedControl, Stack, Text } from '@mantine/core';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { addresses } from '../../addresses.ts';
import { useFormat } from '../../i18n/use-format.ts';
import { useStatus } from '../../live/use-status.ts';
import { PageHeader } from '../../parts/page-header.tsx';
import { RecordingList } from './recording-list.tsx';
import { listedStates } from './recordings-search.ts';

/** Recordings by the time that their links have left: what dies first stands first. */
export function RecordingsPage() {
  const { t } = useTranslation('recordings');
  const { t: tCommon } = useTranslation();
  const format = useFormat();
  const navigate = useNavigate();
  const { state = 'pending', all } = useSearch({ from: '/shell/recordings' });
  const counts = useStatus().data?.recordings;
  return (
    <>
      <PageHeader title={t('title')} description={t('description')} />
      <Stack gap="md">
        <SegmentedControl
          aria-label={t('state')}
          data={listedStates.map((value) => ({
            value,
            label: `${tCommon(`state.${value}`)}${counts ? ` · ${format.number(counts[value] ?? 0)}` : ''}`,
          }))}
          value={state}
          onChange={(value) =>
            void navigate({
              to: addresses.recordings,
              search: { state: value },
              replace: true,
            })
          }
          style={{ alignSelf: 'flex-start' }}
        />
        <Text size="sm">{t(`about.${state}`)}</Text>
        {state === 'lost' && (
          <Checkbox
            label={tCommon('acknowledge.also')}
            checked={all === 'yes'}
            onChange={({ currentTarget: { checked } }) =>
              void navigate({
                to: addresses.recordings,
                search: { state, ...(checked && { all: 'yes' }) },
                replace: true,
              })
            }
          />
        )}
        {/* What is selected belongs to one list. */}
        <RecordingList key={`${state} ${all}`} state={state} isAll={all === 'yes'} />
      </Stack>
    </>
  );
}
