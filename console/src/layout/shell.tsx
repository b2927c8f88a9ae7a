import { AppShell, Burger, Group } from '@mantine/core';
import { useDisclosure, useMediaQuery } from '@mantine/hooks';
import { Link, Outlet } from '@tanstack/react-router';
import { Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { addresses } from '../addresses.ts';
import { AccountMenu } from './account-menu.tsx';
import { AppearanceMenu } from './appearance-menu.tsx';
import { KeyboardMap } from './keyboard-map.tsx';
import { LanguageMenu } from './language-menu.tsx';
import { Mark } from './mark.tsx';
import { Navigation } from './navigation.tsx';
import { PagePending } from '../parts/page-pending.tsx';
import { PassedOver } from './passed-over.tsx';
import { ProveAgain } from '../session/prove-again.tsx';
import { SessionEnded } from '../session/session-ended.tsx';
import { OnePlayerProvider } from '../player/one-player.tsx';
import { useMay } from '../session/use-session.ts';
import { SearchBox } from './search-box.tsx';
import classes from './shell.module.css';

/** What stands around every page of whoever is signed in. */
export function Shell() {
  const { t } = useTranslation();
  const [isOpen, navigation] = useDisclosure(false);
  const mayListen = useMay('listen');
  const isNarrow = useMediaQuery('(max-width: 36em)') ?? false;
  return (
    <AppShell
      header={{ height: 52 }}
      navbar={{ width: 200, breakpoint: 'sm', collapsed: { mobile: !isOpen } }}
      padding="md"
    >
      <a href="#main" className={classes.skip}>
        {t('skipToContent')}
      </a>
      <AppShell.Header>
        <Group h="100%" px="md" gap="sm" wrap="nowrap">
          <Burger
            opened={isOpen}
            onClick={navigation.toggle}
            hiddenFrom="sm"
            size="sm"
            aria-label={t('navigation.toggle')}
            aria-expanded={isOpen}
          />
          <Link to={addresses.overview} className={classes.brand}>
            <Mark size={24} isShort={isNarrow} />
          </Link>
          <SearchBox />
          <Group gap={4} wrap="nowrap" ml="auto">
            <KeyboardMap />
            <LanguageMenu />
            <AppearanceMenu />
            <AccountMenu />
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="xs" aria-label={t('navigation.label')}>
        <Navigation onNavigate={navigation.close} />
      </AppShell.Navbar>
      <AppShell.Main id="main" tabIndex={-1}>
        <PassedOver />
        <SessionEnded />
        <ProveAgain />
        <Suspense fallback={<PagePending />}>
          {mayListen ? (
            <OnePlayerProvider>
              <Outlet />
            </OnePlayerProvider>
          ) : (
            <Outlet />
          )}
        </Suspense>
      </AppShell.Main>
    </AppShell>
  );
}
