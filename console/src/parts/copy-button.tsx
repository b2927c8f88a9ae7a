import { ActionIcon, Tooltip, VisuallyHidden } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { copyText } from './copy-text.ts';
import { Icon } from './icon.tsx';

const shownMs = 1500;

/** Copies `text`; `what` names it to a screen reader ("push URL"). */
export function CopyButton({ text, what }: { readonly text: string; readonly what: string }) {
  const { t } = useTranslation();
  const [isDone, setDone] = useState(false);
  const copy = (): void => {
    void copyText(text).then(() => {
      setDone(true);
      setTimeout(() => setDone(false), shownMs);
    });
  };
  return (
    <Tooltip label={isDone ? t('copied') : t('copy')}>
      <ActionIcon size="sm" aria-label={t('copyWhat', { what })} onClick={copy}>
        <Icon name={isDone ? 'done' : 'copy'} size={14} />
        <VisuallyHidden role="status">{isDone ? t('copied') : ''}</VisuallyHidden>
      </ActionIcon>
    </Tooltip>
  );
}
