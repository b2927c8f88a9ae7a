import { Group, Paper, Title } from '@mantine/core';
import { useId, type ReactNode } from 'react';

export interface CardProps {
  readonly title: string;
  /** At the right of the title. */
  readonly aside?: ReactNode;
  readonly children: ReactNode;
}

/** A part of a page with a heading of its own, which names it to screen readers. */
export function Card({ title, aside, children }: CardProps) {
  const id = useId();
  return (
    <Paper component="section" withBorder p="sm" aria-labelledby={id} h="100%">
      <Group justify="space-between" mb="xs" wrap="nowrap">
        <Title order={2} size="h3" id={id}>
          {title}
        </Title>
        {aside}
      </Group>
      {children}
    </Paper>
  );
}
