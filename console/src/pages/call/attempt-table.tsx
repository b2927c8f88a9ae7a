import { Table, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { DownloadAttempt } from '../../../../src/contract/recordings.ts';
import { useFormat } from '../../i18n/use-format.ts';
import { ByteCount } from '../../parts/byte-count.tsx';
import { Instant } from '../../parts/instant.tsx';
import { ReasonName, ReasonNote } from '../../reasons/reason-note.tsx';
import { showHidden } from '../../given-text.ts';

/** Every try of a download, with what went wrong and what to do about it. */
export function AttemptTable({ attempts }: { readonly attempts: readonly DownloadAttempt[] }) {
  const { t } = useTranslation('call');
  const format = useFormat();
  return (
    <Table.ScrollContainer minWidth={720}>
      <Table aria-label={t('attempts')}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('attempt.at')}</Table.Th>
            <Table.Th>{t('attempt.outcome')}</Table.Th>
            <Table.Th>{t('attempt.status')}</Table.Th>
            <Table.Th>{t('attempt.duration')}</Table.Th>
            <Table.Th>{t('attempt.bytes')}</Table.Th>
            <Table.Th>{t('attempt.address')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {attempts.map((attempt) => (
            <Table.Tr key={attempt.at}>
              <Table.Td valign="top">
                <Instant at={attempt.at} />
              </Table.Td>
              <Table.Td>
                <ReasonName kind="download" word={attempt.reason} />
                {attempt.outcome !== 'ok' && <ReasonNote kind="download" word={attempt.reason} />}
                {attempt.detail !== undefined && (
                  <Text size="xs" ff="monospace" style={{ overflowWrap: 'anywhere' }}>
                    {showHidden(attempt.detail)}
                  </Text>
                )}
              </Table.Td>
              <Table.Td valign="top">{attempt.status}</Table.Td>
              <Table.Td valign="top">{format.milliseconds(attempt.durationMs)}</Table.Td>
              <Table.Td valign="top">
                <ByteCount bytes={attempt.bytes} />
                {attempt.resumedFrom !== undefined && (
                  <Text size="xs" c="dimmed">
                    {t('attempt.resumed', { bytes: format.bytes(attempt.resumedFrom) })}
                  </Text>
                )}
              </Table.Td>
              <Table.Td valign="top">{attempt.address}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
