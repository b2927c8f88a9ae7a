import { Group, Stack, Text, Title } from '@mantine/core';
import { useEffect, useRef, type ReactNode } from 'react';

export interface PageHeaderProps {
  /** Also the document's title. */
  readonly title: string;
  readonly description?: ReactNode;
  /** Buttons, at the right. */
  readonly children?: ReactNode;
}

/** The first page of a visit leaves the focus where the browser put it. */
let isFirst = true;

/** Names the page, in the window too, and takes the focus after a navigation so that it is read out. */
export function PageHeader({ title, description, children }: PageHeaderProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · Earshot`;
  }, [title]);
  useEffect(() => {
    if (!isFirst) heading.current?.focus({ preventScroll: true });
    isFirst = false;
  }, []);
  return (
    <Group justify="space-between" align="flex-start" mb="md" gap="sm">
      <Stack gap={2}>
        <Title order={1} ref={heading} tabIndex={-1}>
          {title}
        </Title>
        {description !== undefined && (
          <Text size="sm" c="dimmed" component="div">
            {description}
          </Text>
        )}
      </Stack>
      {children !== undefined && <Group gap="xs">{children}</Group>}
    </Group>
  );
}
