import { Button, Menu } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { SavedView } from '../../../../src/contract/reviews.ts';
import { addresses } from '../../addresses.ts';
import { useClient } from '../../client.ts';
import { ConfirmDialog } from '../../parts/confirm-dialog.tsx';
import { Icon } from '../../parts/icon.tsx';
import { parseSearchText, writeSearchText } from '../../search-text.ts';
import { parseCallsSearch, type CallsSearch } from './calls-search.ts';
import { SaveViewDialog } from './save-view-dialog.tsx';
import { viewsKey } from './saved-views.ts';
import { Given } from '../../parts/given.tsx';

/** Filters and columns under names: one's own, and those that others share. */
export function ViewsMenu({ search }: { readonly search: CallsSearch }) {
  const { t } = useTranslation('calls');
  const client = useClient();
  const navigate = useNavigate();
  const [isSaving, setSaving] = useState(false);
  const [leaving, setLeaving] = useState<SavedView>();
  const views = useQuery({ queryKey: viewsKey, queryFn: () => client.views.list(), staleTime: 60_000 });
  const items = views.data?.items ?? [];
  const query = writeSearchText(search).slice(1);
  const current = items.find((view) => view.query === query);
  const show = (view: SavedView): void =>
    void navigate({ to: addresses.calls, search: parseCallsSearch(parseSearchText(view.query)) });
  const groups = [
    { label: t('views.mine'), views: items.filter(({ isMine }) => isMine) },
    { label: t('views.shared'), views: items.filter(({ isMine }) => !isMine) },
  ];
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <Button variant="default" leftSection={<Icon name="star" size={14} />}>
            {current ? <Given text={current.name} /> : t('views.title')}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {groups.map(
            (group) =>
              group.views.length > 0 && (
                <div key={group.label}>
                  <Menu.Label>{group.label}</Menu.Label>
                  {group.views.map((view) => (
                    <Menu.Item
                      key={view.id}
                      onClick={() => show(view)}
                      {...(view.id === current?.id ? { leftSection: <Icon name="done" size={14} /> } : {})}
                    >
                      {view.isMine ? (
                        <Given text={view.name} />
                      ) : (
                        t('views.of', { name: view.name, owner: view.ownerName })
                      )}
                    </Menu.Item>
                  ))}
                </div>
              ),
          )}
          {items.length === 0 && <Menu.Label>{t('views.none')}</Menu.Label>}
          <Menu.Divider />
          <Menu.Item onClick={() => setSaving(true)}>{t('views.save')}</Menu.Item>
          {current?.isMine && (
            <Menu.Item color="red" onClick={() => setLeaving(current)}>
              {t('views.remove', { name: current.name })}
            </Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
      {isSaving && <SaveViewDialog query={query} mine={groups[0]!.views} onClose={() => setSaving(false)} />}
      {leaving && <RemoveView view={leaving} onClose={() => setLeaving(undefined)} />}
    </>
  );
}

function RemoveView({ view, onClose }: { readonly view: SavedView; readonly onClose: () => void }) {
  const { t } = useTranslation('calls');
  const client = useClient();
  const queryClient = useQueryClient();
  const remove = useMutation({
    mutationFn: () => client.views.remove(view.id),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: viewsKey });
      onClose();
    },
  });
  return (
    <ConfirmDialog
      isOpen
      title={t('views.remove', { name: view.name })}
      act={t('views.removeAct')}
      isDangerous
      isRunning={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutate()}
      onClose={onClose}
    >
      {t(view.isShared ? 'views.removeShared' : 'views.removeText')}
    </ConfirmDialog>
  );
}
