import { Badge, Button, Table } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { OpenSessions } from '../../../../src/contract/session.ts';
import { showHidden } from '../../given-text.ts';
import { Instant } from '../../parts/instant.tsx';

export interface SessionTableProps {
  readonly sessions: OpenSessions['items'];
  readonly onEnd: (id: string) => void;
}

/** Browsers that are signed in; any but the one that shows them can be signed out from here. */
export function SessionTable({ sessions, onEnd }: SessionTableProps) {
  const { t } = useTranslation('settings');
  return (
    <Table.ScrollContainer minWidth={560} scrollAreaProps={{ tabIndex: 0 }}>
      <Table>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">{t('account.browser')}</Table.Th>
            <Table.Th scope="col">{t('account.address')}</Table.Th>
            <Table.Th scope="col">{t('account.since')}</Table.Th>
            <Table.Th scope="col">{t('lastSeen')}</Table.Th>
            <Table.Td />
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {sessions.map((session) => (
            <Table.Tr key={session.id}>
              <Table.Td maw={280}>{showHidden(session.userAgent ?? '–')}</Table.Td>
              <Table.Td>{showHidden(session.address)}</Table.Td>
              <Table.Td>
                <Instant at={session.createdAt} />
              </Table.Td>
              <Table.Td>
                <Instant at={session.lastSeenAt} isRelative />
              </Table.Td>
              <Table.Td ta="right">
                {session.isThis ? (
                  <Badge color="sea">{t('account.thisBrowser')}</Badge>
                ) : (
                  <Button variant="default" onClick={() => onEnd(session.id)}>
                    {t('account.end')}
                  </Button>
                )}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
