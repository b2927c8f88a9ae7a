import { Button, FileButton, Group, SegmentedControl, Stack, Text, Title } from '@mantine/core';
import { useDeferredValue, useId, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { QuarantineDetail } from '../../../../../src/contract/quarantine.ts';
import { ProblemAlert } from '../../../parts/problem-alert.tsx';
import { toBase64 } from '../body/body-text.ts';
import { JsonFaultPlace } from './body-fault.tsx';
import {
  changeMode,
  findCorrectionFault,
  readAsGb18030,
  startCorrection,
  toBody,
  type Correction,
  type CorrectionMode,
} from './correction.ts';
import { NumberedTextarea } from './numbered-textarea.tsx';
import type { Retried } from './retry-result.tsx';
import { useRetry } from './use-retry.ts';

export interface CorrectionEditorProps {
  readonly item: QuarantineDetail;
  readonly bytes: Uint8Array;
  readonly onRetried: (retried: Retried) => void;
}

/** A text field with more than this makes every key wait; what is larger is corrected in a file. */
const maxEditedBytes = 512 * 1024;

/** Fix and retry: the text as it came, with what is still wrong told while one types. */
export function CorrectionEditor({ item, bytes, onRetried }: CorrectionEditorProps) {
  const { t } = useTranslation('quarantine');
  const retry = useRetry(item, onRetried);
  const sendFile = async (file: File | null): Promise<void> => {
    if (file) retry.mutate(toBase64(new Uint8Array(await file.arrayBuffer())));
  };
  return (
    <section aria-labelledby="correction-of-item">
      <Stack gap="xs">
        <Title order={2} id="correction-of-item">
          {t('correction.title')}
        </Title>
        <Text size="sm">{t('correction.text')}</Text>
        {retry.error && <ProblemAlert error={retry.error} />}
        {bytes.length <= maxEditedBytes ? (
          <TextEditor bytes={bytes} isRunning={retry.isPending} onSend={(body) => retry.mutate(body)} />
        ) : (
          <Text size="sm">{t('correction.tooLarge')}</Text>
        )}
        <Group gap="xs">
          <FileButton onChange={(file) => void sendFile(file)}>
            {(props) => (
              <Button variant="default" loading={retry.isPending} {...props}>
                {t('correction.file')}
              </Button>
            )}
          </FileButton>
        </Group>
      </Stack>
    </section>
  );
}

interface TextEditorProps {
  readonly bytes: Uint8Array;
  readonly isRunning: boolean;
  readonly onSend: (body: string) => void;
}

function TextEditor({ bytes, isRunning, onSend }: TextEditorProps) {
  const { t } = useTranslation('quarantine');
  const faultId = useId();
  const [correction, setCorrection] = useState(() => startCorrection(bytes));
  // Looked through behind the keys, however long the text is.
  const examined = useDeferredValue(correction);
  const fault = useMemo(() => findCorrectionFault(examined), [examined]);
  const asGb18030 = useMemo(() => readAsGb18030(examined), [examined]);
  const send = (): void => {
    if (!findCorrectionFault(correction)) onSend(toBody(correction));
  };
  return (
    <Stack gap="xs">
      <Group gap="xs">
        <ModeChoice correction={correction} onChange={setCorrection} />
        {fault?.kind === 'utf8' && asGb18030 && (
          <Button variant="default" onClick={() => setCorrection(asGb18030)}>
            {t('correction.gb18030')}
          </Button>
        )}
      </Group>
      <NumberedTextarea
        label={t('correction.field')}
        describedBy={faultId}
        value={correction.value}
        isInvalid={fault !== undefined}
        onChange={(value) => setCorrection({ ...correction, value })}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) send();
        }}
      />
      <div id={faultId} role="status">
        {fault?.kind === 'json' && (
          <JsonFaultPlace text={textOf(examined)} fault={fault.fault} label={t('correction.excerpt')} />
        )}
        {fault?.kind === 'hex' && <Text size="sm">{t('correction.noHex')}</Text>}
        {fault?.kind === 'utf8' && <Text size="sm">{t('correction.noUtf8')}</Text>}
        {!fault && <Text size="sm">{t('correction.fine')}</Text>}
      </div>
      <Group gap="xs">
        <Button disabled={fault !== undefined} loading={isRunning} onClick={send}>
          {t('correction.act')}
        </Button>
        <Text size="xs" c="dimmed">
          {t('correction.key')}
        </Text>
      </Group>
    </Stack>
  );
}

interface ModeChoiceProps {
  readonly correction: Correction;
  readonly onChange: (correction: Correction) => void;
}

/** Bytes that are no text can only be edited as hex. */
function ModeChoice({ correction, onChange }: ModeChoiceProps) {
  const { t } = useTranslation('quarantine');
  const change = (mode: string): void => {
    const changed = changeMode(correction, mode as CorrectionMode);
    if (changed) onChange(changed);
  };
  return (
    <SegmentedControl
      aria-label={t('correction.mode')}
      data={(['text', 'hex'] as const).map((value) => ({
        value,
        label: t(`view.${value}`),
        disabled: changeMode(correction, value) === undefined,
      }))}
      value={correction.mode}
      onChange={change}
    />
  );
}

/** What a fault's place is counted in. */
function textOf(correction: Correction): string {
  return changeMode(correction, 'text')?.value ?? correction.value;
}
