import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { addresses } from '../../addresses.ts';
import { AnswerState } from '../../parts/answer-state.tsx';
import { PageHeader } from '../../parts/page-header.tsx';
import { useMay } from '../../session/use-session.ts';
import { CallsGrid } from './calls-grid.tsx';
import classes from './calls-page.module.css';
import { toFilter, type FilterChange } from './calls-search.ts';
import { ColumnMenu } from './column-menu.tsx';
import { ExportButton } from './export-button.tsx';
import { FilterBar } from './filter-bar.tsx';
import { MiniPlayer } from './mini-player.tsx';
import { NewCallsPill } from './new-calls-pill.tsx';
import { NoCalls } from './no-calls.tsx';
import { RowsContext } from './rows-context.ts';
import { useCallKeys } from './use-call-keys.ts';
import { useCalls, useNewCalls } from './use-calls.ts';
import { usePlace } from './use-place.ts';
import { useShownColumns } from './use-shown-columns.ts';
import { useStartOfToday } from './use-start-of-today.ts';
import { useListening } from './use-listening.ts';
import { ViewsMenu } from './views-menu.tsx';

/** Finds calls, and hears them one after the other. What is looked for is in the address. */
export function CallsPage() {
  const { t } = useTranslation('calls');
  const navigate = useNavigate({ from: addresses.calls });
  const search = useSearch({ from: '/shell/calls' });
  const startOfTodayMs = useStartOfToday();
  const filter = useMemo(() => toFilter(search, startOfTodayMs), [search, startOfTodayMs]);
  const { list, calls } = useCalls(filter);
  const news = useNewCalls(filter, calls, list.isSuccess);
  const { shown, choose } = useShownColumns(search);
  const place = usePlace(filter);
  const [topKey, setTopKey] = useState(0);
  const open = useCallback(
    (callId: string) => void navigate({ to: addresses.call, params: { callId } }),
    [navigate],
  );
  const listening = useListening(open);
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = list;
  const onNearEnd = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);
  const move = useCallKeys({ calls, place, open, listening });
  const change = (part: FilterChange): void =>
    void navigate({ to: addresses.calls, search: (before) => ({ ...before, ...part }) as typeof before });
  const showNews = (): void => {
    news.show();
    setTopKey((key) => key + 1);
  };
  return (
    <div className={classes.page}>
      <PageHeader title={t('title')}>
        <ViewsMenu search={search} />
        <ColumnMenu shown={shown} onChoose={choose} />
        {useMay('export') && <ExportButton filter={filter} shown={shown} />}
      </PageHeader>
      <FilterBar search={search} onChange={change}>
        <NewCallsPill news={news} onShow={showNews} />
      </FilterBar>
      <AnswerState of={list} />
      {list.isSuccess && calls.length === 0 && <NoCalls search={search} onChange={change} />}
      {calls.length > 0 && (
        <RowsContext value={listening.rows}>
          <CallsGrid
            key={place.key}
            calls={calls}
            shown={shown}
            selected={place.selected}
            hasMore={hasNextPage}
            topKey={topKey}
            initialOffset={place.initialOffset}
            onOffset={place.keepOffset}
            onSelect={place.select}
            onOpen={open}
            onMove={move}
            onNearEnd={onNearEnd}
          />
        </RowsContext>
      )}
      <MiniPlayer />
    </div>
  );
}
