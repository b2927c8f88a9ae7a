import { Checkbox, Stack } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { messageTypes } from './endpoint-defaults.ts';
import { useForm } from './form-state.ts';

/** Which kinds of message the endpoint wants. */
export function TypesField() {
  const { t } = useTranslation('endpoints');
  const { values, set, errorOf } = useForm();
  return (
    <Checkbox.Group
      label={t('field.types.label')}
      description={t('field.types.text')}
      value={[...values.types]}
      onChange={(types) => set('types', types)}
      error={errorOf('types')}
    >
      <Stack gap={6} mt={6}>
        {messageTypes.map((type) => (
          <Checkbox key={type} value={type} label={t(`type.${type}`)} />
        ))}
      </Stack>
    </Checkbox.Group>
  );
}
