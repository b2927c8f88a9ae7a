import { ActionIcon, Anchor, Button, Group, Paper, Text, Textarea } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Comment } from '../../../../src/contract/reviews.ts';
import { useClient } from '../../client.ts';
import { formatClock } from '../../i18n/format.ts';
import { ConfirmDialog } from '../../parts/confirm-dialog.tsx';
import { Icon } from '../../parts/icon.tsx';
import { Instant } from '../../parts/instant.tsx';
import { ProblemAlert } from '../../parts/problem-alert.tsx';
import { useAccount, useMay } from '../../session/use-session.ts';
import { commentsKey } from './comments-query.ts';
import type { Here } from './comment-place.ts';
import { Given } from '../../parts/given.tsx';

export interface CommentItemProps {
  readonly comment: Comment;
  readonly here: Here | undefined;
}

export function CommentItem({ comment, here }: CommentItemProps) {
  const { t } = useTranslation('call');
  const [isEditing, setEditing] = useState(false);
  const [isLeaving, setLeaving] = useState(false);
  const isMine = useAccount().id === comment.author.id;
  const isAdministrator = useMay('administer');
  const { atSeconds, recordingId, author, text, createdAt, editedAt } = comment;
  const isHere = here !== undefined && atSeconds !== undefined && recordingId === here.recordingId;
  return (
    <Paper withBorder px="sm" py={6} {...(here?.named === comment.id ? { 'aria-current': true } : {})}>
      <Group gap="xs" wrap="nowrap">
        {isHere && (
          <Anchor component="button" type="button" size="sm" onClick={() => here.onPlayFrom(comment)}>
            {formatClock(atSeconds)}
          </Anchor>
        )}
        <Text size="sm" fw={600} component="span">
          <Given text={author.name} />
        </Text>
        <Text size="xs" c="dimmed" component="span">
          <Instant at={createdAt} isRelative />
          {editedAt !== undefined && ` · ${t('comment.edited')}`}
        </Text>
        <Group gap={2} ml="auto" wrap="nowrap">
          {isMine && (
            <ActionIcon size="sm" aria-label={t('comment.edit')} onClick={() => setEditing(!isEditing)}>
              <Icon name="pencil" size={14} />
            </ActionIcon>
          )}
          {(isMine || isAdministrator) && (
            <ActionIcon size="sm" aria-label={t('comment.remove')} onClick={() => setLeaving(true)}>
              <Icon name="trash" size={14} />
            </ActionIcon>
          )}
        </Group>
      </Group>
      {isEditing ? (
        <EditForm comment={comment} onClose={() => setEditing(false)} />
      ) : (
        <Text size="sm" style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
          <Given text={text} isWhole />
        </Text>
      )}
      {isLeaving && <RemoveComment comment={comment} onClose={() => setLeaving(false)} />}
    </Paper>
  );
}

interface PartProps {
  readonly comment: Comment;
  readonly onClose: () => void;
}

function EditForm({ comment, onClose }: PartProps) {
  const { t } = useTranslation('call');
  const { t: tCommon } = useTranslation();
  const client = useClient();
  const queryClient = useQueryClient();
  const [text, setText] = useState(comment.text);
  const save = useMutation({
    mutationFn: () => client.comments.change(comment.id, { text: text.trim() }),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: commentsKey(comment.callId) });
      onClose();
    },
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <Textarea
        aria-label={t('comment.edit')}
        autosize
        autoFocus
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <Group gap="xs" mt={6}>
        <Button type="submit" loading={save.isPending} disabled={text.trim() === ''}>
          {t('comment.save')}
        </Button>
        <Button variant="default" onClick={onClose}>
          {tCommon('cancel')}
        </Button>
      </Group>
      {save.error && <ProblemAlert error={save.error} />}
    </form>
  );
}

function RemoveComment({ comment, onClose }: PartProps) {
  const { t } = useTranslation('call');
  const client = useClient();
  const queryClient = useQueryClient();
  const remove = useMutation({
    mutationFn: () => client.comments.remove(comment.id),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: commentsKey(comment.callId) });
      onClose();
    },
  });
  return (
    <ConfirmDialog
      isOpen
      title={t('comment.remove')}
      act={t('comment.removeAct')}
      isDangerous
      isRunning={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutate()}
      onClose={onClose}
    >
      {t('comment.removeText', { name: comment.author.name })}
    </ConfirmDialog>
  );
}
