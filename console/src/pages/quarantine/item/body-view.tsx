import { Group, SegmentedControl, Stack, Text, Title } from '@mantine/core';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../../i18n/use-format.ts';
import { TextBlock } from '../../../parts/text-block.tsx';
import { readText, writeHexDump } from '../body/body-text.ts';

/** More of it would hold up the page, and nobody reads it. */
const shownBytes = 64 * 1024;

/** What was received, byte for byte, as text and as hex. */
export function BodyView({ bytes }: { readonly bytes: Uint8Array }) {
  const { t } = useTranslation('quarantine');
  const format = useFormat();
  const shown = bytes.subarray(0, shownBytes);
  const { text } = useMemo(() => readText(bytes), [bytes]);
  const [chosen, setChosen] = useState<'text' | 'hex'>();
  const view = chosen ?? (text === undefined ? 'hex' : 'text');
  const content = useMemo(
    () => (view === 'hex' ? writeHexDump(shown) : new TextDecoder().decode(shown)),
    [view, shown],
  );
  return (
    <section aria-labelledby="body-of-item">
      <Stack gap="xs">
        <Group justify="space-between">
          <Title order={2} id="body-of-item">
            {t('received')}
          </Title>
          <SegmentedControl
            aria-label={t('view.label')}
            data={[
              { value: 'text', label: t('view.text') },
              { value: 'hex', label: t('view.hex') },
            ]}
            value={view}
            onChange={(value) => setChosen(value === 'hex' ? 'hex' : 'text')}
          />
        </Group>
        {bytes.length > shownBytes && (
          <Text size="sm" c="dimmed">
            {t('view.cut', { number: format.number(shownBytes) })}
          </Text>
        )}
        <TextBlock label={view === 'hex' ? t('view.hex') : t('view.text')} text={content} />
      </Stack>
    </section>
  );
}
