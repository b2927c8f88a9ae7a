import { Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Recording } from '../../../../src/contract/recordings.ts';
import { Instant } from '../../parts/instant.tsx';
import { useNowMs } from '../../parts/use-now-ms.ts';

const hourMs = 3_600_000;
/** From here on somebody should look. */
const urgentMs = 6 * hourMs;
const soonMs = 24 * hourMs;

/** How long the link of a recording still lives; in words where it is about to die. */
export function TimeLeft({ recording }: { readonly recording: Pick<Recording, 'state' | 'deadlineAt'> }) {
  const { t } = useTranslation('recordings');
  const leftMs = Date.parse(recording.deadlineAt) - useNowMs();
  const isOpen = recording.state === 'pending' || recording.state === 'blocked';
  const urgency = !isOpen ? undefined : leftMs < urgentMs ? 'urgent' : leftMs < soonMs ? 'soon' : undefined;
  return (
    <Stack gap={0}>
      <Instant at={recording.deadlineAt} isRelative />
      {urgency && (
        <Text size="xs" fw={500} c={urgency === 'urgent' ? 'error' : 'dimmed'}>
          {t(`left.${urgency}`)}
        </Text>
      )}
    </Stack>
  );
}
