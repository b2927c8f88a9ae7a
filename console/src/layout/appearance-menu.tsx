import { ActionIcon, Menu, useComputedColorScheme, useMantineColorScheme } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Icon } from '../parts/icon.tsx';

const schemes = [
  { scheme: 'auto', name: 'system' },
  { scheme: 'light', name: 'light' },
  { scheme: 'dark', name: 'dark' },
] as const;

/** Light, dark, or as the system has it. */
export function AppearanceMenu() {
  const { t } = useTranslation();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const shown = useComputedColorScheme();
  return (
    <Menu>
      <Menu.Target>
        <ActionIcon size="md" aria-label={t('appearance.label')}>
          <Icon name={shown} size={18} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {schemes.map(({ scheme, name }) => (
          <Menu.Item
            key={scheme}
            onClick={() => setColorScheme(scheme)}
            leftSection={<Icon name={scheme === colorScheme ? 'done' : name} />}
          >
            {t(`appearance.${name}`)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
