import { Button, Code, Group, Stack, Text, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { EndpointDetail } from '../../../../../src/contract/endpoints.ts';
import { addresses } from '../../../addresses.ts';
import { CopyButton } from '../../../parts/copy-button.tsx';
import { Instant } from '../../../parts/instant.tsx';
import { RotationDialog } from './rotation-dialog.tsx';
import { SecretDialog } from './secret-dialog.tsx';

/** The secrets that pushes are signed with: hidden until asked for, and how they are exchanged. */
export function SigningSecrets({ endpoint }: { readonly endpoint: EndpointDetail }) {
  const { t } = useTranslation('endpoints');
  const navigate = useNavigate();
  const { show } = useSearch({ from: '/shell/endpoints/$endpointId' });
  const [isRotating, rotation] = useDisclosure(false);
  const setShown = (isShown: boolean): void =>
    void navigate({
      to: addresses.endpoint,
      params: { endpointId: endpoint.id },
      search: isShown ? { show: 'secret' } : {},
      replace: true,
    });
  return (
    <section aria-labelledby="secrets-of-endpoint">
      <Title order={2} mb="sm" id="secrets-of-endpoint">
        {t('secret.title')}
      </Title>
      <Stack gap="xs" align="flex-start">
        <Text size="sm">{t('secret.text')}</Text>
        {endpoint.secrets.map((secret, at) => (
          <HiddenSecret key={secret} secret={secret} isOld={at > 0} />
        ))}
        {endpoint.secretExpiresAt !== undefined && (
          <Text size="sm" c="dimmed">
            {t('secret.expires')} <Instant at={endpoint.secretExpiresAt} isRelative />
          </Text>
        )}
        <Group gap="xs">
          <Button variant="default" onClick={() => setShown(true)}>
            {t('secret.howTo')}
          </Button>
          <Button variant="default" onClick={rotation.open}>
            {t('secret.rotate')}
          </Button>
        </Group>
      </Stack>
      <SecretDialog secret={endpoint.secrets[0]} isOpen={show === 'secret'} onClose={() => setShown(false)} />
      <RotationDialog
        endpointId={endpoint.id}
        isOpen={isRotating}
        onClose={rotation.close}
        onRotated={() => setShown(true)}
      />
    </section>
  );
}

function HiddenSecret({ secret, isOld }: { readonly secret: string; readonly isOld: boolean }) {
  const { t } = useTranslation('endpoints');
  const [isShown, setShown] = useState(false);
  const name = isOld ? t('secret.old') : t('secret.current');
  return (
    <Group gap={6} wrap="wrap">
      <Text size="sm" component="span">
        {name}
      </Text>
      <Code style={{ overflowWrap: 'anywhere' }}>{isShown ? secret : 'whsec_••••••••'}</Code>
      <Button variant="subtle" size="compact-xs" onClick={() => setShown(!isShown)} aria-pressed={isShown}>
        {isShown ? t('secret.hide') : t('secret.show')}
      </Button>
      <CopyButton text={secret} what={name} />
    </Group>
  );
}
