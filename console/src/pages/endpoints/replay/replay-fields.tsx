import { Checkbox, Group, NumberInput, Radio, Stack, Text, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { ReplayChoice } from './replay-choice.ts';

const kinds = ['dead', 'missed', 'time', 'seq'] as const;

export interface ReplayFieldsProps {
  readonly choice: ReplayChoice;
  readonly onChange: (changed: Partial<ReplayChoice>) => void;
  readonly error: string | undefined;
}

/** Names what is sent again. */
export function ReplayFields({ choice, onChange, error }: ReplayFieldsProps) {
  const { t } = useTranslation('endpoints');
  return (
    <Stack gap="sm">
      <Radio.Group label={t('replay.what')} value={choice.kind} onChange={(kind) => onChange({ kind: kind })}>
        <Stack gap={8} mt={6}>
          {kinds.map((kind) => (
            <Radio
              key={kind}
              size="xs"
              value={kind}
              label={t(`replay.kind.${kind}`)}
              description={t(`replay.kindText.${kind}`)}
            />
          ))}
        </Stack>
      </Radio.Group>
      {choice.kind === 'time' && <TimeWindow choice={choice} onChange={onChange} />}
      {choice.kind === 'seq' && <SeqWindow choice={choice} onChange={onChange} />}
      {(choice.kind === 'time' || choice.kind === 'seq') && (
        <Checkbox
          label={t('replay.onlyMissed')}
          checked={choice.onlyMissed}
          onChange={(event) => onChange({ onlyMissed: event.currentTarget.checked })}
        />
      )}
      {error !== undefined && (
        <Text size="sm" c="error" role="alert">
          {error}
        </Text>
      )}
    </Stack>
  );
}

type WindowProps = Omit<ReplayFieldsProps, 'error'>;

function TimeWindow({ choice, onChange }: WindowProps) {
  const { t } = useTranslation('endpoints');
  return (
    <Group gap="sm">
      {(['from', 'to'] as const).map((end) => (
        <TextInput
          key={end}
          type="datetime-local"
          step={1}
          label={t(`replay.${end}`)}
          value={choice[end]}
          onChange={(event) => onChange({ [end]: event.currentTarget.value })}
        />
      ))}
    </Group>
  );
}

function SeqWindow({ choice, onChange }: WindowProps) {
  const { t } = useTranslation('endpoints');
  return (
    <Group gap="sm">
      {(['afterSeq', 'untilSeq'] as const).map((end) => (
        <NumberInput
          key={end}
          label={t(`replay.${end}`)}
          value={choice[end]}
          onChange={(value) => onChange({ [end]: value })}
          min={0}
          allowDecimal={false}
          hideControls
        />
      ))}
    </Group>
  );
}
