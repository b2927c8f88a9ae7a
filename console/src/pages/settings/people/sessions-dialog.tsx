import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { Person } from '../../../../../src/contract/session.ts';
import { useClient } from '../../../client.ts';
import { AnswerState } from '../../../parts/answer-state.tsx';
import { ProblemAlert } from '../../../parts/problem-alert.tsx';
import { queryKeys } from '../../../query-keys.ts';
import { SessionTable } from '../session-table.tsx';

export interface SessionsDialogProps {
  /** Undefined: the dialog is closed. */
  readonly person: Person | undefined;
  readonly onClose: () => void;
}

/** Where somebody is signed in, and the way to end it. */
export function SessionsDialog({ person, onClose }: SessionsDialogProps) {
  const { t } = useTranslation(['settings', 'common']);
  return (
    <Modal
      opened={person !== undefined}
      onClose={onClose}
      title={t('people.sessionsOf', { name: person?.name ?? '' })}
      size="xl"
      closeButtonProps={{ 'aria-label': t('common:close') }}
    >
      {person && <TheirSessions person={person} />}
    </Modal>
  );
}

function TheirSessions({ person: { id } }: { readonly person: Person }) {
  const { t } = useTranslation('settings');
  const client = useClient();
  const queryClient = useQueryClient();
  const queryKey = [...queryKeys.sessions, id];
  const sessions = useQuery({ queryKey, queryFn: () => client.people.sessions(id) });
  const end = useMutation({
    mutationFn: (session: string | undefined) =>
      session === undefined ? client.people.endSessions(id) : client.people.endSession(id, session),
    onSettled: () => queryClient.invalidateQueries({ queryKey: queryKeys.sessions }),
  });
  const items = sessions.data?.items ?? [];
  return (
    <Stack gap="sm">
      <AnswerState of={sessions} />
      {end.error && <ProblemAlert error={end.error} />}
      {sessions.data && items.length === 0 && <Text size="sm">{t('people.noSessions')}</Text>}
      {items.length > 0 && (
        <>
          <SessionTable sessions={items} onEnd={(session) => end.mutate(session)} />
          <Group justify="flex-end">
            <Button color="red.9" loading={end.isPending} onClick={() => end.mutate(undefined)}>
              {t('people.endAll')}
            </Button>
          </Group>
        </>
      )}
    </Stack>
  );
}
