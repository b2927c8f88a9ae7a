import { Button, Group, Modal, Stack } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { ProblemAlert } from './problem-alert.tsx';

export interface ConfirmDialogProps {
  readonly isOpen: boolean;
  readonly title: string;
  /** What will happen, and whether it can be undone. */
  readonly children: ReactNode;
  /** The act itself, as a verb: "Delete". Never "OK". */
  readonly act: string;
  readonly isDangerous?: boolean;
  readonly isRunning?: boolean;
  /** False while something that the act needs is missing. */
  readonly isReady?: boolean;
  /** Why the act failed. */
  readonly error?: Error | null;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
}

/** Asks before what cannot be undone. The focus begins at "Cancel". */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const { t } = useTranslation();
  return (
    <Modal
      opened={props.isOpen}
      onClose={props.onClose}
      title={props.title}
      closeButtonProps={{ 'aria-label': t('close') }}
    >
      <Stack gap="md">
        <div>{props.children}</div>
        {props.error != null && <ProblemAlert error={props.error} />}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={props.onClose} data-autofocus>
            {t('cancel')}
          </Button>
          <Button
            // Shade 9 carries white text; the one that buttons have by themselves does not.
            {...(props.isDangerous ? { color: 'red.9' } : {})}
            loading={props.isRunning ?? false}
            disabled={props.isReady === false}
            onClick={props.onConfirm}
          >
            {props.act}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
