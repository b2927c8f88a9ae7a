import { notifications } from '@mantine/notifications';
import { useTranslation } from 'react-i18next';

/** Says for a few seconds what has been done, whatever page is shown by then. */
export function useNotice(): (message: string) => void {
  const { t } = useTranslation();
  return (message) => notifications.show({ message, closeButtonProps: { 'aria-label': t('close') } });
}
