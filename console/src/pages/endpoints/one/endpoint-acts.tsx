import { Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { EndpointDetail } from '../../../../../src/contract/endpoints.ts';
import { addresses } from '../../../addresses.ts';
import { AskingKey } from '../../../keyboard/asking-key.tsx';
import { useKeyBindings } from '../../../keyboard/keyboard.tsx';
import { Icon } from '../../../parts/icon.tsx';
import { ButtonLink } from '../../../parts/links.tsx';
import { ProblemAlert } from '../../../parts/problem-alert.tsx';
import { ReplayDialog } from '../replay/replay-dialog.tsx';
import { useMayReplay } from '../../../session/use-session.ts';
import { RemovalDialog } from './removal-dialog.tsx';
import { TestDialog } from './test-dialog.tsx';
import { usePauseOrResume } from './use-endpoint.ts';

/** What an operator can do with an endpoint, each with a key of its own. */
export function EndpointActs({ endpoint }: { readonly endpoint: EndpointDetail }) {
  const { t } = useTranslation('endpoints');
  const navigate = useNavigate();
  const [isTesting, test] = useDisclosure(false);
  const [isReplaying, replay] = useDisclosure(false);
  const [isRemoving, removal] = useDisclosure(false);
  const mayReplay = useMayReplay();
  const isPaused = endpoint.state === 'paused';
  const pauseOrResume = usePauseOrResume(endpoint.id, isPaused);
  const params = { endpointId: endpoint.id };
  const keysOf = endpoint.name;
  useKeyBindings(keysOf, [
    ...(mayReplay ? [{ keys: 'r', label: t('act.replay'), run: replay.open }] : []),
    { keys: 'e', label: t('act.edit'), run: () => void navigate({ to: addresses.editEndpoint, params }) },
  ]);
  const pauseLabel = isPaused ? t('act.resume') : t('act.pause');
  return (
    <>
      <AskingKey group={keysOf} keys="t" label={t('act.test')} onConfirm={test.open} />
      <AskingKey group={keysOf} keys="p" label={pauseLabel} onConfirm={() => pauseOrResume.mutate()} />
      <Button onClick={test.open}>{t('act.test')}</Button>
      <Button
        variant="default"
        leftSection={<Icon name={isPaused ? 'play' : 'pause'} size={14} />}
        loading={pauseOrResume.isPending}
        onClick={() => pauseOrResume.mutate()}
      >
        {pauseLabel}
      </Button>
      {mayReplay && (
        <Button variant="default" onClick={replay.open}>
          {t('act.replay')}
        </Button>
      )}
      <ButtonLink variant="default" to={addresses.editEndpoint} params={params}>
        {t('act.edit')}
      </ButtonLink>
      <Button variant="default" leftSection={<Icon name="trash" size={14} />} onClick={removal.open}>
        {t('act.remove')}
      </Button>
      {pauseOrResume.error && <ProblemAlert error={pauseOrResume.error} />}
      <TestDialog endpoint={endpoint} isOpen={isTesting} onClose={test.close} />
      <ReplayDialog endpoint={endpoint} isOpen={isReplaying} onClose={replay.close} />
      <RemovalDialog endpoint={endpoint} isOpen={isRemoving} onClose={removal.close} />
    </>
  );
}
