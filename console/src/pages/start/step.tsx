import { Badge, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Card } from '../../parts/card.tsx';

export interface StepProps {
  readonly title: string;
  readonly text: string;
  /** Absent where a step need not be taken. */
  readonly isDone?: boolean;
  readonly children: ReactNode;
}

/** One line of the checklist. */
export function Step({ title, text, isDone, children }: StepProps) {
  const { t } = useTranslation('start');
  const badge =
    isDone === undefined ? (
      <Badge color="gray">{t('optional')}</Badge>
    ) : (
      <Badge color={isDone ? 'teal' : 'sea'}>{isDone ? t('done') : t('open')}</Badge>
    );
  return (
    <Card title={title} aside={badge}>
      <Text size="sm" mb="xs">
        {text}
      </Text>
      {children}
    </Card>
  );
}
