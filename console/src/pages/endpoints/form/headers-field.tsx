import { ActionIcon, Button, Group, Input, Stack, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Icon } from '../../../parts/icon.tsx';
import type { HeaderLine } from './endpoint-values.ts';
import { useForm } from './form-state.ts';

/** Headers of the platform's own, line by line. */
export function HeadersField() {
  const { t } = useTranslation('endpoints');
  const { values, set, errorOf } = useForm();
  const { headers } = values;
  const change = (at: number, line: Partial<HeaderLine>): void =>
    set(
      'headers',
      headers.map((other, index) => (index === at ? { ...other, ...line } : other)),
    );
  return (
    <Input.Wrapper
      labelElement="div"
      label={t('field.headers.label')}
      description={t('field.headers.text')}
      error={errorOf('headers')}
    >
      <Stack gap={6} mt={6} align="flex-start">
        {headers.map(({ name, value }, at) => (
          // Lines have no identity but their place.
          <Group key={at} gap={6} wrap="nowrap" w="100%">
            <TextInput
              flex={1}
              aria-label={t('field.headers.name', { number: at + 1 })}
              placeholder="x-tenant"
              value={name}
              onChange={(event) => change(at, { name: event.currentTarget.value })}
              spellCheck={false}
            />
            <TextInput
              flex={2}
              aria-label={t('field.headers.value', { number: at + 1 })}
              value={value}
              onChange={(event) => change(at, { value: event.currentTarget.value })}
              spellCheck={false}
            />
            <ActionIcon
              aria-label={t('field.headers.remove', { number: at + 1 })}
              onClick={() =>
                set(
                  'headers',
                  headers.filter((_, index) => index !== at),
                )
              }
            >
              <Icon name="trash" />
            </ActionIcon>
          </Group>
        ))}
        <Button
          variant="default"
          leftSection={<Icon name="plus" size={14} />}
          onClick={() => set('headers', [...headers, { name: '', value: '' }])}
        >
          {t('field.headers.add')}
        </Button>
      </Stack>
    </Input.Wrapper>
  );
}
