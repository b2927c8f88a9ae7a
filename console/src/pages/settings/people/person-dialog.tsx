import { Modal } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Person } from '../../../../../src/contract/session.ts';
import { FactorRemoval } from './factor-removal.tsx';
import { PersonForm } from './person-form.tsx';

export interface PersonDialogProps {
  /** Undefined: the dialog is closed. */
  readonly edited: Person | 'new' | undefined;
  readonly onClose: () => void;
}

/** Lets somebody in, or changes what they may do. */
export function PersonDialog({ edited, onClose }: PersonDialogProps) {
  const { t } = useTranslation(['settings', 'common']);
  const title =
    edited === undefined || edited === 'new'
      ? t('people.create')
      : t('people.editTitle', { name: edited.name });
  return (
    <Modal
      opened={edited !== undefined}
      onClose={onClose}
      title={title}
      closeButtonProps={{ 'aria-label': t('common:close') }}
    >
      {edited !== undefined && (
        <PersonForm
          key={edited === 'new' ? '' : edited.id}
          {...(edited === 'new' ? {} : { person: edited })}
          onDone={onClose}
        />
      )}
      {edited !== undefined && edited !== 'new' && edited.signsInBy.includes('password') && (
        <FactorRemoval person={edited} />
      )}
    </Modal>
  );
}
