import { Accordion, Group, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { JsonTree } from '../../json/json-tree.tsx';
import { Card } from '../../parts/card.tsx';
import { CopyButton } from '../../parts/copy-button.tsx';
import { Instant } from '../../parts/instant.tsx';
import type { CallAnswer } from './call-query.ts';

/** What was pushed, every field and digit of it. */
export function Messages({ answer }: { readonly answer: CallAnswer }) {
  const { t } = useTranslation('call');
  const { call, text, messages } = answer;
  return (
    <Card title={t('messages')}>
      <Accordion multiple defaultValue={call.messages.slice(0, 1).map(({ seq }) => String(seq))}>
        {call.messages.map(({ seq, type, receivedAt, source }, index) => {
          const node = messages[index];
          const raw = node ? text.slice(node.from, node.to) : '';
          return (
            <Accordion.Item key={seq} value={String(seq)}>
              <Accordion.Control>
                <Group gap="sm">
                  <Text size="sm" fw={500} component="span">
                    {type}
                  </Text>
                  <Text size="xs" c="dimmed" component="span">
                    <Instant at={receivedAt} /> · {t('messageOf', { seq, source })}
                  </Text>
                </Group>
              </Accordion.Control>
              <Accordion.Panel>
                <Stack gap={4}>
                  <Group gap={4} justify="flex-end">
                    <Text size="xs" c="dimmed">
                      {t('copyMessage')}
                    </Text>
                    <CopyButton text={raw} what={t('message', { seq })} />
                  </Group>
                  {node && <JsonTree text={text} node={node} />}
                </Stack>
              </Accordion.Panel>
            </Accordion.Item>
          );
        })}
      </Accordion>
    </Card>
  );
}
