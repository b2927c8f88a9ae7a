import { Alert, Button, Group } from '@mantine/core';
import { useTranslation } from 'react-i18next';

/** Instead of sound. Browsers do not say why a file did not play. */
export function PlayerProblem({ onRetry }: { readonly onRetry: () => void }) {
  const { t } = useTranslation('player');
  return (
    <Alert role="alert" color="red" variant="light" title={t('failed.title')} mt="xs">
      <Group gap="sm">
        <span>{t('failed.text')}</span>
        <Button variant="default" onClick={onRetry}>
          {t('failed.again')}
        </Button>
      </Group>
    </Alert>
  );
}
