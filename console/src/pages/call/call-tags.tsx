import { Badge, Group, TagsInput, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { maxTagLength } from '../../../../src/contract/form-values.ts';
import { tagsQuery } from '../../calls/tags-query.ts';
import { useClient } from '../../client.ts';
import { ProblemAlert } from '../../parts/problem-alert.tsx';
import { useMay } from '../../session/use-session.ts';
import { callKey, type CallAnswer } from './call-query.ts';
import { Given } from '../../parts/given.tsx';

export interface CallTagsProps {
  readonly callId: string;
  readonly tags: readonly string[];
}

/** To be changed by who may review, to be read by everybody. */
export function CallTags({ callId, tags }: CallTagsProps) {
  const { t } = useTranslation('call');
  return useMay('review') ? (
    <TagField callId={callId} tags={tags} />
  ) : (
    <Group gap={4}>
      {tags.length > 0 && <Text size="sm">{t('tags.label')}</Text>}
      {tags.map((tag) => (
        <Badge key={tag} color="gray" variant="outline">
          <Given text={tag} />
        </Badge>
      ))}
    </Group>
  );
}

function TagField({ callId, tags }: CallTagsProps) {
  const { t } = useTranslation('call');
  const client = useClient();
  const queryClient = useQueryClient();
  const inUse = useQuery(tagsQuery(client));
  const change = useMutation({
    mutationFn: async (wanted: readonly string[]) => {
      let latest = [...tags];
      for (const tag of wanted)
        if (!tags.includes(tag)) latest = (await client.calls.addTag(callId, tag)).tags;
      for (const tag of tags)
        if (!wanted.includes(tag)) latest = (await client.calls.removeTag(callId, tag)).tags;
      return latest;
    },
    onSuccess: async (latest) => {
      queryClient.setQueryData<CallAnswer>(
        callKey(callId),
        (answer) => answer && { ...answer, call: { ...answer.call, tags: latest } },
      );
      await queryClient.invalidateQueries({ queryKey: ['tags'] });
    },
  });
  return (
    <>
      <TagsInput
        label={t('tags.label')}
        description={t('tags.text')}
        size="xs"
        value={change.isPending ? [...change.variables] : [...tags]}
        onChange={(wanted) => change.mutate(wanted.map((tag) => tag.slice(0, maxTagLength)))}
        data={inUse.data?.items.map(({ tag }) => tag) ?? []}
        splitChars={[',']}
        acceptValueOnBlur
      />
      {change.error && <ProblemAlert error={change.error} />}
    </>
  );
}
