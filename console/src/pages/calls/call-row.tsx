import { FlexRender, type Row } from '@tanstack/react-table';
import { memo } from 'react';
import type { Call } from '../../../../src/contract/calls.ts';
import classes from './calls-grid.module.css';
import type { features } from './columns.tsx';
import { rowPixels } from './grid-layout.ts';

export interface CallRowProps {
  readonly row: Row<typeof features, Call>;
  readonly index: number;
  readonly isSelected: boolean;
  /** Names the columns that are shown: the row object is not made anew with them. */
  readonly columnsKey: string;
  readonly onSelect: (callId: string) => void;
  readonly onOpen: (callId: string) => void;
}

/** Not by the callId, which may hold characters that no id of a page has. */
export const rowId = (index: number): string => `call-row-${index}`;

/** Rendered anew only when something of this very row changes, so that scrolling stays light. */
export const CallRow = memo(function CallRow({ row, index, isSelected, onSelect, onOpen }: CallRowProps) {
  return (
    <div
      id={rowId(index)}
      role="row"
      // The head is the first row.
      aria-rowindex={index + 2}
      aria-selected={isSelected}
      className={classes.call}
      style={{ transform: `translateY(${index * rowPixels}px)` }}
      onClick={() => onSelect(row.id)}
      onDoubleClick={() => onOpen(row.id)}
    >
      {row.getVisibleCells().map((cell) => (
        <div key={cell.id} role="gridcell" className={classes.cell}>
          <FlexRender cell={cell} />
        </div>
      ))}
    </div>
  );
}, isSameRow);

function isSameRow(one: CallRowProps, other: CallRowProps): boolean {
  return (
    one.row.original === other.row.original &&
    one.index === other.index &&
    one.isSelected === other.isSelected &&
    one.columnsKey === other.columnsKey &&
    one.onSelect === other.onSelect &&
    one.onOpen === other.onOpen
  );
}
