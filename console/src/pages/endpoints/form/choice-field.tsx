import { Radio, Stack } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useForm } from './form-state.ts';

const choices = {
  when: ['received', 'archived'],
  recordFile: ['original', 'archived'],
  auth: ['none', 'basic', 'bearer'],
  start: ['now', 'beginning', 'instant'],
} as const;

/** One of a few, each with what it means. */
export function ChoiceField<Name extends keyof typeof choices>({ name }: { readonly name: Name }) {
  const { t } = useTranslation('endpoints');
  const { values, set, errorOf } = useForm();
  const options: readonly string[] = choices[name];
  return (
    <Radio.Group
      label={t(`field.${name}.label`)}
      description={t(`field.${name}.text`)}
      value={values[name]}
      onChange={(value) => set(name, value)}
      error={errorOf(name)}
    >
      <Stack gap={6} mt={6}>
        {options.map((option) => (
          <Radio
            key={option}
            size="xs"
            value={option}
            // The names of the choices are those of `choices` above.
            label={t(`field.${name}.${option}` as 'field.when.received')}
          />
        ))}
      </Stack>
    </Radio.Group>
  );
}
