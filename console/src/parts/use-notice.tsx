import { notifications } from '@mantine/notifications';
import { useTranslation } from 'react-i18next';

/** Says for a few seconds what has been done, whatever page is shown by then, in the language that is shown by then. */
export function useNotice(): (say: () => string) => void {
  const { t } = useTranslation();
  return (say) =>
    notifications.show({ message: <Notice say={say} />, closeButtonProps: { 'aria-label': t('close') } });
}

function Notice({ say }: { readonly say: () => string }) {
  useTranslation();
  return say();
}
