import { Badge, Button, Table } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useClient } from '../../../client.ts';
import { Instant } from '../../../parts/instant.tsx';
import { ProblemAlert } from '../../../parts/problem-alert.tsx';
import { queryKeys } from '../../../query-keys.ts';
import { showHidden } from '../../../given-text.ts';

/** The browsers that are signed in with one's account; any but this one can be signed out from here. */
export function OpenSessions() {
  const { t } = useTranslation('settings');
  const client = useClient();
  const queryClient = useQueryClient();
  const sessions = useQuery({ queryKey: queryKeys.sessions, queryFn: () => client.session.list() });
  const end = useMutation({
    mutationFn: (id: string) => client.session.end(id),
    onSettled: () => queryClient.invalidateQueries({ queryKey: queryKeys.sessions }),
  });
  const error = sessions.error ?? end.error;
  return (
    <>
      {error && <ProblemAlert error={error} />}
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
            {sessions.data?.items.map((session) => (
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
                    <Button variant="default" onClick={() => end.mutate(session.id)}>
                      {t('account.end')}
                    </Button>
                  )}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </>
  );
}
