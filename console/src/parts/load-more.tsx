import { Button, Center, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';

/** The part of an infinite query that its end needs. */
export interface Pages {
  readonly hasNextPage: boolean;
  readonly isFetchingNextPage: boolean;
  fetchNextPage(): unknown;
}

/** The end of a list that is read page by page: more of it, or that this was all. */
export function LoadMore({ pages }: { readonly pages: Pages }) {
  const { t } = useTranslation();
  return (
    <Center py="sm">
      {pages.hasNextPage ? (
        <Button
          variant="default"
          loading={pages.isFetchingNextPage}
          onClick={() => void pages.fetchNextPage()}
        >
          {t('loadMore')}
        </Button>
      ) : (
        <Text size="sm" c="dimmed">
          {t('endOfList')}
        </Text>
      )}
    </Center>
  );
}
