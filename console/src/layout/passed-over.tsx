import { Alert } from '@mantine/core';
import { useRouter, useRouterState, type AnyRouteMatch } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Icon } from '../parts/icon.tsx';
import { parseSearchText } from '../search-text.ts';

/** What the tab was opened with: the router takes out of the address what no page reads. */
const { pathname, search } = window.location;
const given = parseSearchText(search);

function unread(page: AnyRouteMatch | undefined): string[] {
  if (page?.pathname !== pathname) return [];
  const read = page.search as Readonly<Record<string, unknown>>;
  return (page.staticData.parameters ?? []).filter((name) => given[name] && read[name] === undefined);
}

/**
 * Says of a link that the page does not show what it was meant to show: a name that the page knows, with a value that
 * it cannot read. What chats and mail programs add to links, and no page knows, is not worth a word.
 */
export function PassedOver() {
  const { t } = useTranslation();
  const router = useRouter();
  const [names, setNames] = useState(() => unread(router.state.matches.at(-1)));
  const isThere = useRouterState({ select: ({ location }) => location.pathname === pathname });
  if (!isThere || names.length === 0) return null;
  return (
    <Alert
      role="status"
      color="orange"
      variant="light"
      mb="md"
      icon={<Icon name="warning" />}
      title={t('passedOver.title')}
      withCloseButton
      closeButtonLabel={t('close')}
      onClose={() => setNames([])}
    >
      {t('passedOver.text', { parameters: names.map((name) => `${name}=${given[name]}`).join(', ') })}
    </Alert>
  );
}
