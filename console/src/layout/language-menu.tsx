import { ActionIcon, Menu } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { languageNames, languages } from '../i18n/languages.ts';
import { useLanguage } from '../i18n/use-language.ts';
import { Icon } from '../parts/icon.tsx';

export function LanguageMenu() {
  const { t } = useTranslation();
  const [current, change] = useLanguage();
  return (
    <Menu>
      <Menu.Target>
        <ActionIcon size="md" aria-label={t('language.label', { language: languageNames[current] })}>
          <Icon name="language" size={18} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {languages.map((language) => (
          <Menu.Item
            key={language}
            lang={language}
            onClick={() => change(language)}
            leftSection={<Icon name={language === current ? 'done' : 'language'} />}
          >
            {languageNames[language]}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
