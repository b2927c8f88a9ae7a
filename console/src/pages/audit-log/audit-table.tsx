import { Anchor, Table, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { AuditRecord } from '../../../../src/contract/audit.ts';
import { addresses } from '../../addresses.ts';
import { useFormat } from '../../i18n/use-format.ts';
import { Instant } from '../../parts/instant.tsx';
import { AnchorLink } from '../../parts/links.tsx';
import { useActorName } from '../../parts/use-actor-name.ts';
import { toAction } from './actions.ts';
import type { AuditSearch } from './audit-search.ts';
import classes from './audit-table.module.css';
import { Given } from '../../parts/given.tsx';
import { isolate, showHidden } from '../../given-text.ts';

export interface AuditTableProps {
  readonly records: readonly AuditRecord[];
  /** Shows only what the same person did, or what was done to the same thing. */
  readonly onFilter: (search: AuditSearch) => void;
}

export function AuditTable({ records, onFilter }: AuditTableProps) {
  const { t } = useTranslation('audit-log');
  return (
    <Table.ScrollContainer minWidth={860} scrollAreaProps={{ tabIndex: 0 }}>
      <Table striped>
        <Table.Thead>
          <Table.Tr>
            {(['seq', 'at', 'actor', 'action', 'subject', 'detail', 'address'] as const).map((name) => (
              <Table.Th key={name} scope="col">
                {t(`column.${name}`)}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {records.map((record) => (
            <RecordRow key={record.seq} record={record} onFilter={onFilter} />
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

interface RecordRowProps {
  readonly record: AuditRecord;
  readonly onFilter: AuditTableProps['onFilter'];
}

function RecordRow({ record, onFilter }: RecordRowProps) {
  const { t } = useTranslation('audit-log');
  const format = useFormat();
  const action = toAction(record.action);
  const { actor } = record;
  const actorName = useActorName();
  return (
    <Table.Tr title={t('hashOf', { hash: record.hash })}>
      <Table.Td className="tabular">{format.number(record.seq)}</Table.Td>
      <Table.Td className={classes.at}>
        <Instant at={record.at} />
      </Table.Td>
      <Table.Td>
        <Anchor
          component="button"
          type="button"
          inherit
          ta="start"
          onClick={() => onFilter({ actorId: actor.id })}
        >
          <Given text={actorName(actor)} />
        </Anchor>
      </Table.Td>
      <Table.Td>{action ? t(`action.${action}`) : record.action}</Table.Td>
      <Table.Td>{record.subject && <Subject subject={record.subject} />}</Table.Td>
      <Table.Td className={classes.detail}>{record.detail && <Detail detail={record.detail} />}</Table.Td>
      <Table.Td>{showHidden(record.address ?? '–')}</Table.Td>
    </Table.Tr>
  );
}

function Subject({ subject: { kind, id } }: { readonly subject: NonNullable<AuditRecord['subject']> }) {
  if (kind !== 'call') return <Given text={id} />;
  return (
    <AnchorLink to={addresses.call} params={{ callId: id }} inherit>
      <Given text={id} />
    </AnchorLink>
  );
}

/** As it was written down, name by name. */
function Detail({ detail }: { readonly detail: Readonly<Record<string, unknown>> }) {
  return (
    <Text size="xs" c="dimmed" component="span">
      {Object.entries(detail)
        .map(
          ([name, value]) => `${name}: ${isolate(typeof value === 'string' ? value : JSON.stringify(value))}`,
        )
        .join(' · ')}
    </Text>
  );
}
