import { Group, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { RecordingDetail } from '../../../../src/contract/recordings.ts';
import { Instant } from '../../parts/instant.tsx';
import { StateBadge } from '../../parts/state-badge.tsx';
import { ReasonNote } from '../../reasons/reason-note.tsx';

/** Why there is nothing to hear (yet), what comes next, and what somebody could do. */
export function WaitingRecording({ recording }: { readonly recording: RecordingDetail }) {
  const { t } = useTranslation('call');
  const { state, reason, nextAttemptAt, deadlineAt } = recording;
  return (
    <Stack gap={6}>
      <Group gap="xs">
        <StateBadge state={state} />
        {/* The reason says all of it. */}
        {state !== 'deleted' && (
          <Text size="sm">{t(`waiting.${state === 'archived' ? 'pending' : state}`)}</Text>
        )}
      </Group>
      {state === 'pending' && (
        <Text size="sm">
          {nextAttemptAt !== undefined && (
            <>
              {t('waiting.next')} <Instant at={nextAttemptAt} isRelative />
              {' · '}
            </>
          )}
          {t('waiting.deadline')} <Instant at={deadlineAt} isRelative />
          {' · '}
          <Instant at={deadlineAt} />
        </Text>
      )}
      {reason !== undefined && <ReasonNote kind="download" word={reason} />}
    </Stack>
  );
}
