import { Button, Checkbox, Group, Modal, Radio, SimpleGrid, Stack, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { exportColumns } from '../../../../src/contract/form-values.ts';
import type { Export, ExportRequest } from '../../../../src/contract/exports.ts';
import { useClient } from '../../client.ts';
import { useLanguage } from '../../i18n/use-language.ts';
import { useFormat } from '../../i18n/use-format.ts';
import { ProblemAlert } from '../../parts/problem-alert.tsx';
import { useMay } from '../../session/use-session.ts';
import type { CallFilter } from './calls-search.ts';
import type { ColumnName } from './columns.tsx';
import { exportColumnsOf, exportsKey, type ExportColumn } from './exports.ts';

export interface ExportDialogProps {
  readonly filter: CallFilter;
  readonly shown: readonly ColumnName[];
  readonly onClose: () => void;
  readonly onCreated: (made: Export) => void;
}

const formats = ['csv', 'xlsx', 'jsonl', 'zip'] as const;

/** Everything that the filter finds, not what happens to be loaded, goes into the file. */
export function ExportDialog({ filter, shown, onClose, onCreated }: ExportDialogProps) {
  const { t } = useTranslation('calls');
  const { t: tCommon } = useTranslation();
  const client = useClient();
  const queryClient = useQueryClient();
  const [language] = useLanguage();
  const mayDownload = useMay('download');
  const [format, setFormat] = useState<ExportRequest['format']>('csv');
  const [columns, setColumns] = useState(() => exportColumnsOf(shown));
  const create = useMutation({
    mutationFn: () =>
      client.exports.create({ format, filter, ...(format === 'zip' ? {} : { columns, language }) }),
    onSuccess: async (made) => {
      await queryClient.invalidateQueries({ queryKey: exportsKey });
      onCreated(made);
    },
  });
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('export.title')}
      size="lg"
      closeButtonProps={{ 'aria-label': tCommon('close') }}
    >
      <Stack gap="md">
        <HowMany filter={filter} />
        <Radio.Group
          label={t('export.format')}
          value={format}
          onChange={(value) => setFormat(formats.find((each) => each === value) ?? 'csv')}
        >
          <Stack gap={6} mt={6}>
            {formats
              .filter((each) => each !== 'zip' || mayDownload)
              .map((each) => (
                <Radio
                  key={each}
                  value={each}
                  label={t(`format.${each}`)}
                  description={t(`format.${each}Text`)}
                  size="xs"
                />
              ))}
          </Stack>
        </Radio.Group>
        {format !== 'zip' && <ColumnChoice columns={columns} onChoose={setColumns} />}
        {create.error && <ProblemAlert error={create.error} />}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            {tCommon('cancel')}
          </Button>
          <Button
            loading={create.isPending}
            disabled={format !== 'zip' && columns.length === 0}
            onClick={() => create.mutate()}
          >
            {t('export.act')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

function HowMany({ filter }: { readonly filter: CallFilter }) {
  const { t } = useTranslation('calls');
  const format = useFormat();
  const client = useClient();
  const count = useQuery({
    queryKey: ['calls', 'count', filter],
    queryFn: () => client.calls.count(filter),
  });
  const { calls, isMore } = count.data ?? {};
  return (
    <Text size="sm" role="status">
      {calls === undefined
        ? t('export.counting')
        : t(isMore ? 'export.countMore' : 'export.count', { count: calls, shown: format.number(calls) })}
    </Text>
  );
}

function ColumnChoice(props: {
  readonly columns: readonly ExportColumn[];
  readonly onChoose: (columns: ExportColumn[]) => void;
}) {
  const { t } = useTranslation('calls');
  return (
    <Checkbox.Group
      label={t('columns')}
      value={[...props.columns]}
      onChange={(chosen) => props.onChoose(exportColumns.filter((column) => chosen.includes(column)))}
    >
      <SimpleGrid cols={3} spacing={6} verticalSpacing={6} mt={6}>
        {exportColumns.map((column) => (
          <Checkbox key={column} value={column} label={t(`exportColumn.${column}`)} />
        ))}
      </SimpleGrid>
    </Checkbox.Group>
  );
}
