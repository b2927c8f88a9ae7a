import { NavLink, ScrollArea } from '@mantine/core';
import { Link, useNavigate, type LinkProps } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { RightWord } from '../../../src/contract/session.ts';
import { addresses } from '../addresses.ts';
import { useKeyBindings } from '../keyboard/keyboard.tsx';
import { Icon } from '../parts/icon.tsx';
import { useAccount } from '../session/use-session.ts';
import classes from './navigation.module.css';

/** `g` and this letter lead there. */
const places = [
  { name: 'overview', to: addresses.overview, right: 'view', letter: 'o' },
  { name: 'calls', to: addresses.calls, right: 'view', letter: 'c' },
  { name: 'recordings', to: addresses.recordings, right: 'view', letter: 'r' },
  { name: 'endpoints', to: addresses.endpoints, right: 'view', letter: 'e' },
  { name: 'deliveries', to: addresses.deliveries, right: 'view', letter: 'd' },
  { name: 'quarantine', to: addresses.quarantine, right: 'operate', letter: 'q' },
  { name: 'settings', to: addresses.settings, right: 'view', letter: 's' },
  { name: 'audit', to: addresses.auditLog, right: 'administer', letter: 'a' },
] as const satisfies readonly { name: string; to: LinkProps['to']; right: RightWord; letter: string }[];

/** The pages that this account may see. */
export function Navigation({ onNavigate }: { readonly onNavigate: () => void }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { rights } = useAccount();
  const shown = places.filter(({ right }) => rights.includes(right));
  useKeyBindings(
    t('keys.everywhere'),
    shown.map(({ name, to, letter }) => ({
      keys: `g ${letter}`,
      label: t('keys.goTo', { place: t(`navigation.${name}`) }),
      run: () => void navigate({ to }),
    })),
  );
  return (
    <ScrollArea>
      {shown.map(({ name, to }) => (
        <Link
          key={name}
          to={to}
          className={classes.link}
          onClick={onNavigate}
          activeOptions={{ exact: to === addresses.overview }}
        >
          {({ isActive }) => (
            <NavLink
              component="span"
              label={t(`navigation.${name}`)}
              leftSection={<Icon name={name} />}
              active={isActive}
              variant="light"
            />
          )}
        </Link>
      ))}
    </ScrollArea>
  );
}
