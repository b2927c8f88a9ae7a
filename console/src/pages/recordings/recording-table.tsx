import { Checkbox, Table, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { ListedRecording as Recording } from '../../../../src/contract/recordings.ts';
import { addresses } from '../../addresses.ts';
import { useFormat } from '../../i18n/use-format.ts';
import { useRowKeys } from '../../keyboard/use-row-keys.ts';
import { AcknowledgementNote } from '../../parts/acknowledgement-note.tsx';
import { Instant } from '../../parts/instant.tsx';
import { AnchorLink } from '../../parts/links.tsx';
import { StateBadge } from '../../parts/state-badge.tsx';
import { ReasonNote } from '../../reasons/reason-note.tsx';
import { TimeLeft } from './time-left.tsx';
import { Given } from '../../parts/given.tsx';

interface Selection {
  readonly selected: ReadonlySet<string>;
  readonly onChange: (selected: ReadonlySet<string>) => void;
}

export interface RecordingTableProps {
  readonly recordings: readonly Recording[];
  /** Absent where there is nothing to do with several at once. */
  readonly selection?: Selection;
}

export function RecordingTable({ recordings, selection }: RecordingTableProps) {
  const { t } = useTranslation('recordings');
  const body = useRowKeys(t('title'));
  const all = recordings.every(({ id }) => selection?.selected.has(id));
  return (
    <Table.ScrollContainer minWidth={860}>
      <Table highlightOnHover aria-label={t('title')} verticalSpacing="xs">
        <Table.Thead>
          <Table.Tr>
            {selection && (
              <Table.Td w={32}>
                <Checkbox
                  aria-label={t('selectAll')}
                  checked={all}
                  indeterminate={!all && selection.selected.size > 0}
                  onChange={() => selection.onChange(new Set(all ? [] : recordings.map(({ id }) => id)))}
                />
              </Table.Td>
            )}
            <Table.Th>{t('column.call')}</Table.Th>
            <Table.Th>{t('column.state')}</Table.Th>
            <Table.Th>{t('column.deadline')}</Table.Th>
            <Table.Th>{t('column.reason')}</Table.Th>
            <Table.Th ta="right">{t('column.attempts')}</Table.Th>
            <Table.Th>{t('column.next')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody ref={body}>
          {recordings.map((recording) => (
            <RecordingRow key={recording.id} recording={recording} {...(selection && { selection })} />
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

interface RecordingRowProps {
  readonly recording: Recording;
  readonly selection?: Selection;
}

function RecordingRow({ recording, selection }: RecordingRowProps) {
  const { t } = useTranslation('recordings');
  const format = useFormat();
  const { id, callId, reason, nextAttemptAt } = recording;
  return (
    <Table.Tr>
      {selection && (
        <Table.Td>
          <Checkbox
            aria-label={t('select', { callId })}
            checked={selection.selected.has(id)}
            onChange={() => selection.onChange(toggle(selection.selected, id))}
          />
        </Table.Td>
      )}
      <Table.Td maw={280}>
        <AnchorLink
          to={addresses.call}
          params={{ callId }}
          fz="sm"
          data-row
          style={{ overflowWrap: 'anywhere' }}
        >
          <Given text={callId} />
        </AnchorLink>
        <Text size="xs" c="dimmed" truncate title={`${recording.host}${recording.path}`}>
          {recording.host}
        </Text>
      </Table.Td>
      <Table.Td>
        <StateBadge state={recording.state} />
      </Table.Td>
      <Table.Td>
        <TimeLeft recording={recording} />
      </Table.Td>
      <Table.Td maw={420}>
        {reason === undefined || recording.state === 'archived' ? (
          '–'
        ) : (
          <ReasonNote kind="download" word={reason} />
        )}
        {recording.acknowledged && <AcknowledgementNote of={recording.acknowledged} />}
      </Table.Td>
      <Table.Td ta="right" className="tabular">
        {format.number(recording.attempts)}
      </Table.Td>
      <Table.Td>{nextAttemptAt === undefined ? '–' : <Instant at={nextAttemptAt} isRelative />}</Table.Td>
    </Table.Tr>
  );
}

function toggle(selected: ReadonlySet<string>, id: string): ReadonlySet<string> {
  const others = new Set(selected);
  if (!others.delete(id)) others.add(id);
  return others;
}
