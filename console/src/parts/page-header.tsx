import { Group, Stack, Text, Title } from '@mantine/core';
import { useEffect, useLayoutEffect, useRef, type ReactNode } from 'react';

export interface PageHeaderProps {
  /** Also the document's title. */
  readonly title: string;
  readonly description?: ReactNode;
  /** Buttons, at the right. */
  readonly children?: ReactNode;
}

/** From here on some of it may be cut off. */
const longTitle = 100;

/** The header that was there last; none before the first page of a visit. */
let last: { readonly path: string; readonly hadFocus: boolean } | undefined;

/** Names the page, in the window too, and takes the focus after a navigation so that it is read out. */
export function PageHeader({ title, description, children }: PageHeaderProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · Earshot`;
  }, [title]);
  // The first page of a visit leaves the focus where the browser put it, also when what it waited for has come and
  // another header takes the place of the one until then. That one has the focus if its predecessor had it: whoever
  // has gone on meanwhile is not called back.
  useLayoutEffect(() => {
    const own = heading.current;
    const path = location.pathname;
    if (last && (last.path !== path || last.hadFocus)) own?.focus({ preventScroll: true });
    last = { path, hadFocus: false };
    return () => {
      last = { path, hadFocus: document.activeElement === own };
    };
  }, []);
  return (
    <Group justify="space-between" align="flex-start" mb="md" gap="sm">
      <Stack gap={2} miw={0}>
        <Title order={1} ref={heading} tabIndex={-1} {...(title.length > longTitle ? { title } : {})}>
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
