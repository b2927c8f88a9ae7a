import { ActionIcon, Menu } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useSignOut } from '../session/use-sign-out.ts';
import { Icon } from '../parts/icon.tsx';
import { useAccount } from '../session/use-session.ts';
import { Given } from '../parts/given.tsx';

/** Who is signed in, and the way out. */
export function AccountMenu() {
  const { t } = useTranslation();
  const account = useAccount();
  const signOut = useSignOut();
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon size="md" aria-label={t('account.label', { name: account.displayName ?? account.name })}>
          <Icon name="account" size={18} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          <Given text={account.displayName ?? account.name} /> · {t(`role.${account.role}`)}
        </Menu.Label>
        <Menu.Item onClick={() => signOut.mutate()}>{t('account.signOut')}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
