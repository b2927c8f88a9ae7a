import { Alert, Button, Group } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Asset } from '../../../src/contract/recordings.ts';
import { isPlayedByBrowsers } from './played-formats.ts';

interface PlayerProblemProps {
  readonly asset: Asset | undefined;
  readonly onRetry: () => void;
}

/** Instead of sound. Browsers do not say why a file did not play; of some formats it is known. */
export function PlayerProblem({ asset, onRetry }: PlayerProblemProps) {
  const { t } = useTranslation('player');
  const format = [asset?.container, asset?.codec].filter(Boolean).join(' · ');
  return (
    <Alert role="alert" color="red" variant="light" title={t('failed.title')} mt="xs">
      <Group gap="sm">
        <span>{asset && !isPlayedByBrowsers(asset) ? t('failed.format', { format }) : t('failed.text')}</span>
        <Button variant="default" onClick={onRetry}>
          {t('failed.again')}
        </Button>
      </Group>
    </Alert>
  );
}
