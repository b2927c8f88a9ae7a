import { Tabs } from '@mantine/core';
import { useNavigate, useParams } from '@tanstack/react-router';
import type { ComponentType } from 'react';
import { useTranslation } from 'react-i18next';
import { addresses } from '../../addresses.ts';
import { ButtonLink } from '../../parts/links.tsx';
import { PageHeader } from '../../parts/page-header.tsx';
import { useAccount } from '../../session/use-session.ts';
import { AccountSection } from './account/account-section.tsx';
import { KeysSection } from './keys/keys-section.tsx';
import { PeopleSection } from './people/people-section.tsx';
import { sectionsFor, type Section } from './sections.ts';
import { SourcesSection } from './sources/sources-section.tsx';
import { StorageSection } from './storage-section.tsx';
import { ValuesSection } from './values-section.tsx';

const contents: Readonly<Record<Section['name'], ComponentType>> = {
  account: AccountSection,
  sources: SourcesSection,
  people: PeopleSection,
  keys: KeysSection,
  storage: StorageSection,
  values: ValuesSection,
};

/** Each tab has an address of its own, so that it can be sent to a colleague. */
export function SettingsPage() {
  const { t } = useTranslation('settings');
  const navigate = useNavigate();
  const { rights } = useAccount();
  const { section } = useParams({ strict: false });
  const shown = sectionsFor(rights);
  const current = shown.find(({ name }) => name === section) ?? shown[0]!;
  const open = (name: string | null): void => {
    if (name !== null) void navigate({ to: addresses.settingsSection, params: { section: name } });
  };
  return (
    <>
      <PageHeader title={t('title')}>
        {rights.includes('administer') && (
          <ButtonLink to={addresses.start} variant="default">
            {t('firstSteps')}
          </ButtonLink>
        )}
      </PageHeader>
      <Tabs value={current.name} onChange={open} keepMounted={false}>
        <Tabs.List mb="md">
          {shown.map(({ name }) => (
            <Tabs.Tab key={name} value={name}>
              {t(`section.${name}`)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {shown.map(({ name }) => {
          const Content = contents[name];
          return (
            <Tabs.Panel key={name} value={name}>
              <Content />
            </Tabs.Panel>
          );
        })}
      </Tabs>
    </>
  );
}
