import { Alert, Button, Code, Group, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { ApiProblem } from '../../../src/contract/client.ts';
import { Icon } from './icon.tsx';

export interface ProblemAlertProps {
  readonly error: Error;
  /** Tries what failed once more. */
  readonly onRetry?: () => void;
}

/** What went wrong, what exactly happened, what to do about it, and the code to look up or to tell others. */
export function ProblemAlert({ error, onRetry }: ProblemAlertProps) {
  const { t } = useTranslation();
  const isRefusal = error instanceof ApiProblem;
  return (
    <Alert
      role="alert"
      variant="light"
      color="red"
      icon={<Icon name="warning" />}
      title={isRefusal ? t('problem.refused') : t('problem.unreachable')}
    >
      <Stack gap={6} align="flex-start">
        <Text size="sm">{isRefusal ? error.message : t('problem.unreachableDetail')}</Text>
        {isRefusal && error.remedy !== undefined && <Text size="sm">{error.remedy}</Text>}
        <Group gap="xs">
          {isRefusal && <Code>{error.code}</Code>}
          {onRetry && (
            <Button variant="default" onClick={onRetry}>
              {t('tryAgain')}
            </Button>
          )}
        </Group>
      </Stack>
    </Alert>
  );
}
