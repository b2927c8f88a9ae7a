import { Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useClient } from '../../client.ts';
import { AnswerState } from '../../parts/answer-state.tsx';
import { useMay } from '../../session/use-session.ts';
import { CommentForm } from './comment-form.tsx';
import { CommentItem } from './comment-item.tsx';
import type { CommentsProps } from './comment-place.ts';
import { commentsQuery } from './comments-query.ts';

export function Comments({ callId, here }: CommentsProps) {
  const { t } = useTranslation('call');
  const comments = useQuery(commentsQuery(useClient(), callId));
  const mayWrite = useMay('review');
  const items = comments.data?.items ?? [];
  return (
    <section aria-label={t('comment.title')}>
      <Title order={3} mb={6}>
        {t('comment.title')}
      </Title>
      <AnswerState of={comments} />
      <Stack gap="xs">
        {items.length === 0 && comments.isSuccess && (
          <Text size="sm" c="dimmed">
            {t('comment.none')}
          </Text>
        )}
        <Stack gap="xs" component="ul" m={0} p={0} style={{ listStyle: 'none' }}>
          {items.map((comment) => (
            <li key={comment.id}>
              <CommentItem comment={comment} here={here} />
            </li>
          ))}
        </Stack>
        {mayWrite && <CommentForm callId={callId} here={here} />}
      </Stack>
    </section>
  );
}
