import { useTable } from '@tanstack/react-table';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useMemo, useRef, type CSSProperties, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { Call } from '../../../../src/contract/calls.ts';
import classes from './calls-grid.module.css';
import { columnNames, columns, features, type ColumnName } from './columns.tsx';
import { CallRow, rowId } from './call-row.tsx';
import { layOut, rowPixels } from './grid-layout.ts';

export interface CallsGridProps {
  readonly calls: readonly Call[];
  readonly shown: readonly ColumnName[];
  readonly selected: string | undefined;
  readonly hasMore: boolean;
  /** Changes where the list is to begin at its top again. */
  readonly topKey: number;
  /** Where it was scrolled to when it was last shown. */
  readonly initialOffset: number;
  readonly onOffset: (offset: number) => void;
  readonly onSelect: (callId: string) => void;
  readonly onOpen: (callId: string) => void;
  readonly onMove: (step: number) => void;
  /** The end comes near. */
  readonly onNearEnd: () => void;
}

const overscan = 8;
/** Asked for so far ahead that scrolling rarely meets the end. */
const nearEndRows = 40;

/** Of all rows that are there only those in view exist; the one that is chosen is named to screen readers. */
export function CallsGrid(props: CallsGridProps) {
  const { calls, shown, selected, hasMore, onNearEnd } = props;
  const { t } = useTranslation('calls');
  const scroller = useRef<HTMLDivElement>(null);
  // oxlint-disable-next-line react/incompatible-library -- nothing here is compiled by React's compiler.
  const virtualizer = useVirtualizer({
    count: calls.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowPixels,
    getItemKey: (index) => calls[index]!.callId,
    overscan,
    scrollMargin: 0,
    initialOffset: props.initialOffset,
  });
  const items = virtualizer.getVirtualItems();
  const lastShown = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (hasMore && lastShown >= calls.length - nearEndRows) onNearEnd();
  }, [hasMore, lastShown, calls.length, onNearEnd]);
  useKeepInView(props, virtualizer);
  const table = useWindowOfTable(calls, shown, items[0]?.index ?? 0, lastShown + 1);
  const rows = table.getRowModel().rows;
  const active = items.find(({ key }) => key === selected);
  const style = { ...layOut(shown), height: '100%' } as CSSProperties;
  return (
    <div
      ref={scroller}
      className={classes.scroller}
      style={style}
      role="grid"
      tabIndex={0}
      aria-label={t('list')}
      aria-rowcount={hasMore ? -1 : calls.length + 1}
      {...(active === undefined ? {} : { 'aria-activedescendant': rowId(active.index) })}
      onKeyDown={(event) => moveByPage(event, props, scroller.current)}
      onScroll={(event) => props.onOffset(event.currentTarget.scrollTop)}
    >
      <div role="rowgroup">
        {table.getHeaderGroups().map((group) => (
          <div key={group.id} role="row" aria-rowindex={1} className={classes.head}>
            {group.headers.map((header) => (
              <div key={header.id} role="columnheader" className={classes.cell}>
                <table.FlexRender header={header} />
              </div>
            ))}
          </div>
        ))}
      </div>
      <div role="rowgroup" className={classes.body} style={{ height: virtualizer.getTotalSize() }}>
        {items.map((item, place) => {
          const row = rows[place];
          return (
            row && (
              <CallRow
                key={item.key}
                row={row}
                index={item.index}
                isSelected={row.id === selected}
                columnsKey={shown.join()}
                onSelect={props.onSelect}
                onOpen={props.onOpen}
              />
            )
          );
        })}
      </div>
    </div>
  );
}

/** The table is given the rows in view only: it would make a model of every one of hundreds of thousands. */
function useWindowOfTable(calls: readonly Call[], shown: readonly ColumnName[], from: number, to: number) {
  const data = useMemo(() => calls.slice(from, to), [calls, from, to]);
  const columnVisibility = useMemo(
    () => Object.fromEntries(columnNames.map((name) => [name, shown.includes(name)])),
    [shown],
  );
  return useTable({ features, columns, data, getRowId: (call) => call.callId, state: { columnVisibility } });
}

type Virtualizer = ReturnType<typeof useVirtualizer<HTMLDivElement, Element>>;

/** The chosen row is brought into view when keys move it; a list that begins anew begins at its top. */
function useKeepInView({ calls, selected, topKey }: CallsGridProps, virtualizer: Virtualizer): void {
  const latest = useRef({ calls, virtualizer });
  useEffect(() => {
    latest.current = { calls, virtualizer };
  });
  useEffect(() => {
    const index = latest.current.calls.findIndex(({ callId }) => callId === selected);
    if (index >= 0) latest.current.virtualizer.scrollToIndex(index, { align: 'auto' });
  }, [selected]);
  useEffect(() => {
    if (topKey > 0) latest.current.virtualizer.scrollToOffset(0);
  }, [topKey]);
}

/** Keys that move by more than one row. Those that move by one, open and play work wherever the focus is. */
function moveByPage(event: KeyboardEvent, { onMove }: CallsGridProps, scroller: HTMLElement | null): void {
  const page = Math.max(1, Math.floor((scroller?.clientHeight ?? 0) / rowPixels) - 2);
  const steps: Readonly<Record<string, number>> = {
    PageDown: page,
    PageUp: -page,
    Home: -Infinity,
    End: Infinity,
  };
  const step = steps[event.key];
  if (step === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  onMove(step);
}
