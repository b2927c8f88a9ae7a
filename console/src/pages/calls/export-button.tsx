import { Button, Popover } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useClient } from '../../client.ts';
import { useLiveEvent } from '../../live/use-live-event.ts';
import type { CallFilter } from './calls-search.ts';
import type { ColumnName } from './columns.tsx';
import { ExportDialog } from './export-dialog.tsx';
import { ExportList } from './export-list.tsx';
import { exportsKey, isMoving } from './exports.ts';

export interface ExportButtonProps {
  readonly filter: CallFilter;
  readonly shown: readonly ColumnName[];
}

const shownExports = 20;
/** Behind the live event, while something is being made. */
const pollMs = 2_000;

/** Asks for a file of what the filter finds, and shows how far those files are that were asked for. */
export function ExportButton({ filter, shown }: ExportButtonProps) {
  const { t } = useTranslation('calls');
  const client = useClient();
  const queryClient = useQueryClient();
  const [dialog, setDialog] = useState(false);
  const [panel, setPanel] = useState(false);
  const list = useQuery({
    queryKey: exportsKey,
    queryFn: () => client.exports.list({ limit: shownExports }),
    refetchInterval: ({ state }) => (state.data?.items.some(isMoving) ? pollMs : false),
  });
  useLiveEvent('exports', () => void queryClient.invalidateQueries({ queryKey: exportsKey }));
  const items = list.data?.items ?? [];
  const moving = items.filter(isMoving).length;
  return (
    <>
      <Button variant="default" onClick={() => setDialog(true)}>
        {t('export.open')}
      </Button>
      <Popover opened={panel} onChange={setPanel} position="bottom-end" width={420} trapFocus shadow="md">
        <Popover.Target>
          <Button variant="default" loading={list.isPending} onClick={() => setPanel(!panel)}>
            {moving > 0 ? t('exports.running', { count: moving }) : t('exports.title')}
          </Button>
        </Popover.Target>
        <Popover.Dropdown>
          <ExportList items={items} error={list.error} />
        </Popover.Dropdown>
      </Popover>
      {dialog && (
        <ExportDialog
          filter={filter}
          shown={shown}
          onClose={() => setDialog(false)}
          onCreated={() => {
            setDialog(false);
            setPanel(true);
          }}
        />
      )}
    </>
  );
}
