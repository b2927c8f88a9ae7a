import { ActionIcon, Tooltip } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useKeyBindings } from '../keyboard/keyboard.tsx';
import { Icon } from '../parts/icon.tsx';

const KeyListDialog = lazy(async () => ({ default: (await import('./key-list-dialog.tsx')).KeyListDialog }));

/** The button, and the key `?`, of the dialog with all keys; the dialog is fetched when it is first asked for. */
export function KeyboardMap() {
  const { t } = useTranslation();
  const [isOpen, dialog] = useDisclosure(false);
  const [isWanted, setIsWanted] = useState(false);
  const open = (): void => {
    setIsWanted(true);
    dialog.open();
  };
  useKeyBindings(t('keys.everywhere'), [{ keys: '?', label: t('keys.map'), run: open }]);
  return (
    <>
      <Tooltip label={`${t('keys.title')} (?)`}>
        <ActionIcon size="md" aria-label={t('keys.title')} onClick={open} visibleFrom="sm">
          <Icon name="keyboard" size={18} />
        </ActionIcon>
      </Tooltip>
      {isWanted && (
        <Suspense fallback={null}>
          <KeyListDialog isOpen={isOpen} onClose={dialog.close} />
        </Suspense>
      )}
    </>
  );
}
