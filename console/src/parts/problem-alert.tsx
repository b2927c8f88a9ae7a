import { Alert, Button, Code, Group, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { ApiProblem } from '../../../src/contract/client.ts';
import { Icon } from './icon.tsx';
import { ServerWords } from './server-words.tsx';
import { useProblemText } from './use-problem-text.ts';

export interface ProblemAlertProps {
  readonly error: Error;
  /** Tries what failed once more. */
  readonly onRetry?: () => void;
}

/** What went wrong, what exactly happened, what to do about it, and the code to look up or to tell others. */
export function ProblemAlert({ error, onRetry }: ProblemAlertProps) {
  const { t } = useTranslation();
  const { title, detail, isServersOwn, remedy } = useProblemText(error);
  return (
    <Alert role="alert" variant="light" color="red" icon={<Icon name="warning" />} title={title}>
      <Stack gap={6} align="flex-start">
        {detail !== '' && <Text size="sm">{isServersOwn ? <ServerWords text={detail} /> : detail}</Text>}
        {remedy !== undefined && <Text size="sm">{remedy}</Text>}
        <Group gap="xs">
          {error instanceof ApiProblem && <Code>{error.code}</Code>}
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
