import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useClient } from '../../../client.ts';
import { AnswerState } from '../../../parts/answer-state.tsx';
import { ConfirmDialog } from '../../../parts/confirm-dialog.tsx';
import { queryKeys } from '../../../query-keys.ts';
import { SecondFactorSetUp } from './second-factor-set-up.tsx';

/** Whether signing in asks for a code, and the ways to have it so or not. */
export function SecondFactor() {
  const { t } = useTranslation(['settings', 'common']);
  const client = useClient();
  const queryClient = useQueryClient();
  const [open, setOpen] = useState<'set-up' | 'off'>();
  const close = (): void => setOpen(undefined);
  const factor = useQuery({
    queryKey: queryKeys.secondFactor,
    queryFn: () => client.session.secondFactor(),
  });
  const turnOff = useMutation({
    mutationFn: () => client.session.turnSecondFactorOff(),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: queryKeys.secondFactor });
      close();
    },
  });
  const isOn = factor.data?.isOn === true;
  return (
    <Stack gap="sm" align="flex-start">
      <AnswerState of={factor} />
      {factor.data && (
        <>
          <Text size="sm" role="status">
            {isOn
              ? `${t('factor.on')} ${t('factor.left', { count: factor.data.recoveryCodesLeft })}`
              : t('factor.off')}
          </Text>
          <Group gap="xs">
            <Button variant={isOn ? 'default' : 'filled'} onClick={() => setOpen('set-up')}>
              {isOn ? t('factor.again') : t('factor.setUp')}
            </Button>
            {isOn && (
              <Button variant="default" onClick={() => setOpen('off')}>
                {t('factor.turnOff')}
              </Button>
            )}
          </Group>
        </>
      )}
      <Modal
        opened={open === 'set-up'}
        onClose={close}
        title={t('factor.title')}
        // The recovery codes are shown once.
        closeOnClickOutside={false}
        closeButtonProps={{ 'aria-label': t('common:close') }}
      >
        {open === 'set-up' && <SecondFactorSetUp onDone={close} />}
      </Modal>
      <ConfirmDialog
        isOpen={open === 'off'}
        title={t('factor.turnOffTitle')}
        act={t('factor.turnOff')}
        isDangerous
        isRunning={turnOff.isPending}
        error={turnOff.error}
        onConfirm={() => turnOff.mutate()}
        onClose={close}
      >
        {t('factor.turnOffText')}
      </ConfirmDialog>
    </Stack>
  );
}
