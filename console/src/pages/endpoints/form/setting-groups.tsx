import { Fieldset, SimpleGrid, Stack, Text, TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { ChoiceField } from './choice-field.tsx';
import { NumberField, SecretField, SwitchField, TextField } from './fields.tsx';
import { useForm } from './form-state.ts';
import { HeadersField } from './headers-field.tsx';
import { readSchedule } from './schedule-text.ts';
import { TypesField } from './types-field.tsx';

function SettingGroup({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <Fieldset legend={title}>
      <Stack gap="md">{children}</Stack>
    </Fieldset>
  );
}

/** Two beside each other, their fields in line however long what is said above them. */
const grid = { cols: { base: 1, sm: 2 }, style: { alignItems: 'end' } };

/** Where it pushes to, and as whom. */
export function PlaceGroup() {
  const { t } = useTranslation('endpoints');
  const { values } = useForm();
  return (
    <SettingGroup title={t('group.place')}>
      <TextField name="url" placeholder="https://receiver.example/push" isRequired />
      <TextField name="name" />
      <ChoiceField name="auth" />
      {values.auth === 'basic' && (
        <SimpleGrid {...grid}>
          <TextField name="username" />
          <SecretField name="password" />
        </SimpleGrid>
      )}
      {values.auth === 'bearer' && <SecretField name="token" />}
      <HeadersField />
    </SettingGroup>
  );
}

/** What it pushes. */
export function ContentGroup() {
  const { t } = useTranslation('endpoints');
  const { values, set, errorOf, isChange } = useForm();
  return (
    <SettingGroup title={t('group.content')}>
      <TypesField />
      <ChoiceField name="when" />
      <ChoiceField name="recordFile" />
      <SimpleGrid {...grid}>
        <TextField name="taskId" />
        <TextField name="batchId" />
        <TextField name="outIdPrefix" />
        <NumberField name="minDurationSeconds" />
      </SimpleGrid>
      {!isChange && <ChoiceField name="start" />}
      {!isChange && values.start === 'instant' && (
        <TextInput
          type="datetime-local"
          maw={260}
          label={t('field.startAt.label')}
          description={t('field.startAt.text')}
          value={values.startAt}
          onChange={(event) => set('startAt', event.currentTarget.value)}
          error={errorOf('startAt')}
        />
      )}
    </SettingGroup>
  );
}

/** How it pushes. */
export function PaceGroup() {
  const { t } = useTranslation('endpoints');
  return (
    <SettingGroup title={t('group.pace')}>
      <SimpleGrid {...grid}>
        <NumberField name="batchSize" />
        <NumberField name="lingerMs" />
        <NumberField name="concurrency" />
        <NumberField name="ratePerSecond" />
      </SimpleGrid>
      <SwitchField name="gzip" />
    </SettingGroup>
  );
}

/** What happens when a push fails. */
export function FailureGroup() {
  const { t } = useTranslation('endpoints');
  const { values } = useForm();
  const waits = readSchedule(values.retrySchedule);
  return (
    <SettingGroup title={t('group.failure')}>
      <NumberField name="timeoutMs" />
      <div>
        <TextField name="retrySchedule" placeholder="1m, 5m, 10m" />
        {waits && (
          <Text size="xs" c="dimmed" mt={4}>
            {t('field.retrySchedule.sum', { count: waits.length + 1 })}
          </Text>
        )}
      </div>
      <NumberField name="jitterPercent" />
      <SwitchField name="retryAfter" />
      <SwitchField name="halving" />
    </SettingGroup>
  );
}
