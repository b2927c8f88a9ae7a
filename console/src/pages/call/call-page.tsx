import { Stack } from '@mantine/core';
import { useQueries, useQuery, useQueryClient } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Recording, RecordingDetail } from '../../../../src/contract/recordings.ts';
import { useClient } from '../../client.ts';
import { AnswerState } from '../../parts/answer-state.tsx';
import { PageHeader } from '../../parts/page-header.tsx';
import { CallFacts } from './call-facts.tsx';
import { callQuery, type CallAnswer } from './call-query.ts';
import { CallTags } from './call-tags.tsx';
import { Hearing } from './hearing.tsx';
import { Messages } from './messages.tsx';
import { recordingQuery } from './recording-query.ts';
import { Recordings } from './recordings.tsx';
import { Timeline } from './timeline-view.tsx';

/** One call: hear it, see what happened to it, say something about it. */
export function CallPage() {
  const { t } = useTranslation('call');
  const { callId } = useParams({ from: '/shell/calls/$callId' });
  const client = useClient();
  const answer = useQuery(callQuery(client, useQueryClient(), callId));
  return (
    <>
      <PageHeader title={t('title', { callId })} />
      <AnswerState of={answer} />
      {/* Another call is another listen: nothing of the one before stays. */}
      {answer.data && <CallParts key={callId} answer={answer.data} />}
    </>
  );
}

function CallParts({ answer }: { readonly answer: CallAnswer }) {
  const { call } = answer;
  const recordings = useRecordings(call.recordings);
  return (
    <Stack gap="md">
      <CallFacts call={call} />
      <CallTags callId={call.callId} tags={call.tags ?? []} />
      <Hearing call={call} recordings={recordings} />
      <Timeline call={call} recordings={recordings} />
      <Recordings recordings={recordings} />
      <Messages answer={answer} />
    </Stack>
  );
}

/** With every attempt; until those have come, without. */
function useRecordings(recordings: readonly Recording[]): RecordingDetail[] {
  const client = useClient();
  const details = useQueries({ queries: recordings.map(({ id }) => recordingQuery(client, id)) });
  return recordings.map((recording, index) => details[index]?.data ?? { ...recording, attemptLog: [] });
}
