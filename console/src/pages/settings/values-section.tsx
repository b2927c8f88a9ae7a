import { Code, Table, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useClient } from '../../client.ts';
import { AnswerState } from '../../parts/answer-state.tsx';
import { queryKeys } from '../../query-keys.ts';
import { valueWordOf } from './value-words.ts';
import classes from './values-section.module.css';

const origins = ['flag', 'environment', 'file', 'default', 'generated'] as const;

/** Every setting as it is in force, and where it came from; changed where it came from. */
export function ValuesSection() {
  const { t } = useTranslation('settings');
  const client = useClient();
  const settings = useQuery({ queryKey: queryKeys.settings, queryFn: () => client.settings() });
  const originOf = (origin: string): string => {
    const known = origins.find((each) => each === origin);
    return known ? t(`values.origin.${known}`) : origin;
  };
  const shown = (value: string): string => {
    const word = valueWordOf(value);
    return word ? t(`values.word.${word}`) : value;
  };
  return (
    <>
      <Text size="sm" mb="sm">
        {t('values.text')}
      </Text>
      <AnswerState of={settings} />
      <Table.ScrollContainer minWidth={640} scrollAreaProps={{ tabIndex: 0 }}>
        <Table striped>
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">{t('values.name')}</Table.Th>
              <Table.Th scope="col">{t('values.value')}</Table.Th>
              <Table.Th scope="col">{t('values.from')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {settings.data?.items.map(({ name, value, origin }) => (
              <Table.Tr key={name}>
                <Table.Td>
                  <Code>{name}</Code>
                </Table.Td>
                <Table.Td className={classes.value}>{shown(value)}</Table.Td>
                <Table.Td>{originOf(origin)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </>
  );
}
