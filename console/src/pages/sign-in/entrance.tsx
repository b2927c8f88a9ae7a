import { Center, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { useEffect, type ReactNode } from 'react';
import { AppearanceMenu } from '../../layout/appearance-menu.tsx';
import { LanguageMenu } from '../../layout/language-menu.tsx';
import { Mark } from '../../layout/mark.tsx';

export interface EntranceProps {
  readonly title: string;
  readonly text?: ReactNode;
  readonly children: ReactNode;
}

/** The frame of the pages before the first sign-in: there is no navigation to stand beside. */
export function Entrance({ title, text, children }: EntranceProps) {
  useEffect(() => {
    document.title = `${title} · Earshot`;
  }, [title]);
  return (
    <Center mih="100vh" p="md">
      <Stack w="100%" maw={400} gap="md">
        <Group justify="space-between" role="banner">
          <Group gap="xs">
            <Mark size={28} />
          </Group>
          <Group gap={4}>
            <LanguageMenu />
            <AppearanceMenu />
          </Group>
        </Group>
        <Paper component="main" withBorder p="lg">
          <Stack gap="md">
            <Title order={1}>{title}</Title>
            {text !== undefined && <Text size="sm">{text}</Text>}
            {children}
          </Stack>
        </Paper>
      </Stack>
    </Center>
  );
}
