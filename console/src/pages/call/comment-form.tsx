import { Button, Group, Switch, Textarea } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useClient } from '../../client.ts';
import { formatClock } from '../../i18n/format.ts';
import { useKeyBindings } from '../../keyboard/keyboard.tsx';
import { ProblemAlert } from '../../parts/problem-alert.tsx';
import { commentsKey } from './comments-query.ts';
import type { CommentsProps, Here } from './comment-place.ts';

const maxLength = 10_000;

/** Writes about the call, or about the instant that was being heard when the field was entered, or the text begun. */
export function CommentForm({ callId, here }: CommentsProps) {
  const { t } = useTranslation('call');
  const client = useClient();
  const queryClient = useQueryClient();
  const field = useRef<HTMLTextAreaElement>(null);
  const [text, setText] = useState('');
  const [atSeconds, setAtSeconds] = useState<number>();
  const [isTimed, setTimed] = useState(true);
  const keepInstant = (): void => setAtSeconds(here && Math.round(here.player.position * 10) / 10);
  const at = isTimed && here ? atSeconds : undefined;
  useKeyBindings(t('comment.title'), [
    { keys: 'c', label: t('comment.key'), run: () => field.current?.focus() },
  ]);
  const write = useMutation({
    mutationFn: () => client.calls.comment(callId, { text: text.trim(), ...placeOf(here, at) }),
    onSuccess: async () => {
      setText('');
      setAtSeconds(undefined);
      await queryClient.invalidateQueries({ queryKey: commentsKey(callId) });
    },
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (text.trim() !== '') write.mutate();
      }}
    >
      <Textarea
        ref={field}
        aria-label={t('comment.label')}
        placeholder={t('comment.placeholder')}
        autosize
        minRows={1}
        maxLength={maxLength}
        value={text}
        onChange={(event) => {
          // After a comment the field keeps the focus: the next one is about where it begins.
          if (text === '' && atSeconds === undefined) keepInstant();
          setText(event.currentTarget.value);
        }}
        onFocus={() => {
          // What is written meanwhile is about where one was, however far the recording has gone on.
          if (text === '') keepInstant();
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey))
            event.currentTarget.form?.requestSubmit();
          if (event.key === 'Escape') event.currentTarget.blur();
        }}
      />
      <Group gap="sm" mt={6}>
        <Button type="submit" variant="default" loading={write.isPending} disabled={text.trim() === ''}>
          {at === undefined ? t('comment.write') : t('comment.writeAt', { at: formatClock(at) })}
        </Button>
        {here && (
          <Switch
            label={t('comment.timed')}
            checked={isTimed}
            onChange={(event) => setTimed(event.currentTarget.checked)}
          />
        )}
      </Group>
      {write.error && <ProblemAlert error={write.error} />}
    </form>
  );
}

function placeOf(here: Here | undefined, atSeconds: number | undefined) {
  return here && atSeconds !== undefined ? { recordingId: here.recordingId, atSeconds } : {};
}
