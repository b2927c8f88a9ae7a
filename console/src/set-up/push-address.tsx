import { Alert, Code, Group, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { CopyButton } from '../parts/copy-button.tsx';
import { Icon } from '../parts/icon.tsx';
import classes from './push-address.module.css';

/** What is pasted where calls are sent from. A secret: shown to administrators, and to nobody's referrer or log. */
export function PushAddress({ url }: { readonly url: string }) {
  const { t } = useTranslation('set-up');
  return (
    <Stack gap={6}>
      <Group gap={4} wrap="nowrap" className={classes.row}>
        <Code className={classes.url} data-testid="push-url">
          {url}
        </Code>
        <CopyButton text={url} what={t('pushUrl')} />
      </Group>
      {isNearOnly(url) && (
        <Alert color="yellow" variant="light" icon={<Icon name="warning" />}>
          <Text size="sm">{t('nearOnly')}</Text>
        </Alert>
      )}
    </Stack>
  );
}

/** Whether only this machine finds that host. */
function isNearOnly(url: string): boolean {
  return /^(localhost|127\.|\[::1\]|0\.0\.0\.0)/.test(new URL(url).hostname);
}
