import { ActionIcon, Tooltip } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useTranslation } from 'react-i18next';
import { useKeyBindings } from '../keyboard/keyboard.tsx';
import { Icon } from '../parts/icon.tsx';
import { KeyListDialog } from './key-list-dialog.tsx';

/** The button, and the key `?`, of the dialog with all keys. */
export function KeyboardMap() {
  const { t } = useTranslation();
  const [isOpen, dialog] = useDisclosure(false);
  useKeyBindings(t('keys.everywhere'), [{ keys: '?', label: t('keys.map'), run: dialog.open }]);
  return (
    <>
      <Tooltip label={`${t('keys.title')} (?)`}>
        <ActionIcon size="md" aria-label={t('keys.title')} onClick={dialog.open} visibleFrom="sm">
          <Icon name="keyboard" size={18} />
        </ActionIcon>
      </Tooltip>
      <KeyListDialog isOpen={isOpen} onClose={dialog.close} />
    </>
  );
}
