import { Badge, Group, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Card } from '../../../parts/card.tsx';
import { useAccount } from '../../../session/use-session.ts';
import { OpenSessions } from './open-sessions.tsx';
import { Passkeys } from './passkeys.tsx';
import { SecondFactor } from './second-factor.tsx';
import { PasswordForm } from './password-form.tsx';
import { isolate } from '../../../given-text.ts';

/** One's own account: what one may do, the password, the browsers that are signed in. */
export function AccountSection() {
  const { t } = useTranslation(['settings', 'common']);
  const account = useAccount();
  return (
    <Stack gap="sm" maw={860}>
      <Card title={isolate(account.displayName ?? account.name)}>
        <Group gap="xs">
          <Text size="sm">{t(`common:role.${account.role}`)}:</Text>
          {account.rights.map((right) => (
            <Badge key={right} color="gray">
              {t(`right.${right}`)}
            </Badge>
          ))}
        </Group>
      </Card>
      {account.hasPassword && (
        <Card title={t('account.password')}>
          <PasswordForm />
        </Card>
      )}
      {account.hasPassword && (
        <Card title={t('factor.title')}>
          <SecondFactor />
        </Card>
      )}
      {account.hasPassword && (
        <Card title={t('passkeys.title')}>
          <Passkeys />
        </Card>
      )}
      <Card title={t('account.sessions')}>
        <OpenSessions />
      </Card>
    </Stack>
  );
}
