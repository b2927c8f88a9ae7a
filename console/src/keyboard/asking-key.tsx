import { Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useTranslation } from 'react-i18next';
import { ConfirmDialog } from '../parts/confirm-dialog.tsx';
import { useKeyBindings } from './keyboard.tsx';

export interface AskingKeyProps {
  readonly keys: string;
  /** As for `useKeyBindings`. */
  readonly group: string;
  readonly label: string;
  /** Undefined where there is nothing to do just now. */
  readonly onConfirm: (() => void) | undefined;
}

/**
 * A key for an act that changes something. It asks first: a stray key, or the second of two that came too late
 * (`g r`), does nothing.
 */
export function AskingKey({ keys, group, label, onConfirm }: AskingKeyProps) {
  const { t } = useTranslation();
  const [isAsking, dialog] = useDisclosure(false);
  useKeyBindings(group, [{ keys, label, run: () => onConfirm && dialog.open() }]);
  return (
    <ConfirmDialog
      isOpen={isAsking && onConfirm !== undefined}
      title={label}
      act={label}
      onConfirm={() => {
        dialog.close();
        onConfirm?.();
      }}
      onClose={dialog.close}
    >
      <Text size="sm">{t('keys.asks', { key: keys })}</Text>
    </ConfirmDialog>
  );
}
