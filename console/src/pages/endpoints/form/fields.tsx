import { NumberInput, PasswordInput, Switch, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { bounds } from './endpoint-defaults.ts';
import { blankEndpoint } from './endpoint-values.ts';
import { useForm } from './form-state.ts';

/*
 * A field is its name: label, explanation and error are found by it.
 */

type TextName = 'name' | 'url' | 'taskId' | 'batchId' | 'outIdPrefix' | 'retrySchedule' | 'username';

export interface TextFieldProps {
  readonly name: TextName;
  readonly placeholder?: string;
  readonly isRequired?: boolean;
}

export function TextField({ name, placeholder, isRequired = false }: TextFieldProps) {
  const { t } = useTranslation('endpoints');
  const { values, set, errorOf } = useForm();
  return (
    <TextInput
      label={t(`field.${name}.label`)}
      description={t(`field.${name}.text`)}
      placeholder={placeholder ?? ''}
      withAsterisk={isRequired}
      aria-required={isRequired}
      value={values[name]}
      onChange={(event) => set(name, event.currentTarget.value)}
      error={errorOf(name)}
      autoComplete="off"
      spellCheck={false}
    />
  );
}

/** `password` or `token`; empty means the one that is kept. */
export function SecretField({ name }: { readonly name: 'password' | 'token' }) {
  const { t } = useTranslation('endpoints');
  const { values, set, errorOf, isChange } = useForm();
  return (
    <PasswordInput
      label={t(`field.${name}.label`)}
      description={isChange ? t('field.secretKept') : t(`field.${name}.text`)}
      value={values[name]}
      onChange={(event) => set(name, event.currentTarget.value)}
      error={errorOf(name)}
      autoComplete="new-password"
    />
  );
}

/** What has no unit. */
const counts = ['batchSize', 'concurrency'] as const;
type Count = (typeof counts)[number];

function isCount(name: keyof typeof bounds): name is Count {
  return counts.some((count) => count === name);
}

export function NumberField({ name }: { readonly name: keyof typeof bounds }) {
  const { t } = useTranslation('endpoints');
  const { values, set, errorOf } = useForm();
  const usual = blankEndpoint[name];
  const describe = (text: string): string =>
    usual === '' ? text : `${text} ${t('field.default', { value: usual })}`;
  return (
    <NumberInput
      label={t(`field.${name}.label`)}
      description={describe(t(`field.${name}.text`))}
      value={values[name]}
      onChange={(value) => set(name, value)}
      error={errorOf(name)}
      suffix={isCount(name) ? '' : ` ${t(`field.${name}.unit`)}`}
      hideControls
      inputMode="decimal"
    />
  );
}

export function SwitchField({ name }: { readonly name: 'retryAfter' | 'halving' | 'gzip' }) {
  const { t } = useTranslation('endpoints');
  const { values, set } = useForm();
  return (
    <Switch
      label={t(`field.${name}.label`)}
      description={t(`field.${name}.text`)}
      checked={values[name]}
      onChange={(event) => set(name, event.currentTarget.checked)}
    />
  );
}
