import { Button, Group, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { QuarantineChoice, QuarantineKindParameters } from '../../../../src/contract/quarantine.ts';
import { useClient } from '../../client.ts';
import { ConfirmDialog } from '../../parts/confirm-dialog.tsx';
import { Icon } from '../../parts/icon.tsx';
import { useNotice } from '../../parts/use-notice.tsx';
import { queryKeys } from '../../query-keys.ts';

interface ChosenActsProps {
  /** How many items the filters choose. */
  readonly count: number;
  readonly filter: QuarantineKindParameters;
}

/** What can be done with all items that the filters choose, once that was confirmed. */
export function ChosenActs({ count, filter }: ChosenActsProps) {
  const { t } = useTranslation('quarantine');
  const queryClient = useQueryClient();
  const notice = useNotice();
  const [isAskingRetry, retryDialog] = useDisclosure(false);
  const [isAskingDiscard, discardDialog] = useDisclosure(false);
  const choice: QuarantineChoice = Object.keys(filter).length === 0 ? { all: true } : filter;
  const { retry, discard } = useActs(choice);
  const done = (close: () => void): void => {
    close();
    void queryClient.invalidateQueries({ queryKey: queryKeys.quarantine });
  };
  return (
    <Group gap="xs">
      <Text size="sm">{t('chosen.count', { count })}</Text>
      <Button variant="default" size="xs" disabled={count === 0} onClick={retryDialog.open}>
        {t('chosen.retry')}
      </Button>
      <Button
        variant="default"
        size="xs"
        disabled={count === 0}
        leftSection={<Icon name="trash" size={14} />}
        onClick={discardDialog.open}
      >
        {t('chosen.discard')}
      </Button>
      <ConfirmDialog
        isOpen={isAskingRetry}
        title={t('chosen.retryTitle', { count })}
        act={t('chosen.retryAct')}
        isRunning={retry.isPending}
        error={retry.error}
        onConfirm={() =>
          retry.mutate(undefined, {
            onSuccess: ({ items, unreadable }) => {
              notice(() => t('chosen.retried', { items, unreadable }));
              done(retryDialog.close);
            },
          })
        }
        onClose={retryDialog.close}
      >
        <Text size="sm">{t('chosen.retryText')}</Text>
      </ConfirmDialog>
      <ConfirmDialog
        isOpen={isAskingDiscard}
        title={t('chosen.discardTitle', { count })}
        act={t('discard.act')}
        isDangerous
        isRunning={discard.isPending}
        error={discard.error}
        onConfirm={() =>
          discard.mutate(undefined, {
            onSuccess: (items) => {
              notice(() => t('chosen.discarded', { count: items }));
              done(discardDialog.close);
            },
          })
        }
        onClose={discardDialog.close}
      >
        <Text size="sm">{t('chosen.discardText')}</Text>
      </ConfirmDialog>
    </Group>
  );
}

/** Each asks until nothing of the choice is left. */
function useActs(choice: QuarantineChoice) {
  const client = useClient();
  const retry = useMutation({
    mutationFn: async () => {
      const total = { items: 0, unreadable: 0 };
      for (let cursor: string | undefined; ;) {
        const answer = await client.quarantine.retryChosen({
          ...choice,
          ...(cursor === undefined ? {} : { cursor }),
        });
        total.items += answer.items;
        total.unreadable += answer.unreadable;
        cursor = answer.nextCursor;
        if (cursor === undefined) return total;
      }
    },
  });
  const discard = useMutation({
    mutationFn: async () => {
      for (let items = 0; ;) {
        const answer = await client.quarantine.discardChosen(choice);
        items += answer.items;
        if (!answer.hasMore) return items;
      }
    },
  });
  return { retry, discard };
}
