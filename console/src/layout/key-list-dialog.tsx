import { Group, Kbd, Modal, Stack, Table, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { KeyGroup } from '../keyboard/key-binding.ts';
import { useKeyGroups } from '../keyboard/keyboard.tsx';

export interface KeyListDialogProps {
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

/** Every key that does something on this page. */
export function KeyListDialog({ isOpen, onClose }: KeyListDialogProps) {
  const { t } = useTranslation();
  return (
    <Modal
      opened={isOpen}
      onClose={onClose}
      title={t('keys.title')}
      size="lg"
      closeButtonProps={{ 'aria-label': t('close') }}
    >
      <KeyList />
    </Modal>
  );
}

function KeyList() {
  const groups = joinByTitle(useKeyGroups());
  return (
    <Stack gap="md">
      {groups.map(({ title, bindings }) => (
        <section key={title}>
          <Title order={3} mb={4}>
            {title}
          </Title>
          <Table>
            <Table.Tbody>
              {bindings.map(({ keys, label }) => (
                <Table.Tr key={keys}>
                  <Table.Td>{label}</Table.Td>
                  <Table.Td>
                    <Group gap={4} justify="flex-end">
                      {keys.split(/[ +]/).map((key) => (
                        <Kbd key={key}>{signs[key] ?? key}</Kbd>
                      ))}
                    </Group>
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </section>
      ))}
    </Stack>
  );
}

const signs: Readonly<Record<string, string>> = {
  ArrowLeft: '←',
  ArrowRight: '→',
  ArrowUp: '↑',
  ArrowDown: '↓',
  Shift: '⇧',
  Enter: '↵',
};

/** Parts of the page register by themselves; the reader sees one list under each title. */
function joinByTitle(groups: readonly KeyGroup[]): KeyGroup[] {
  const titles = [...new Set(groups.map(({ title }) => title))];
  return titles.map((title) => ({
    title,
    bindings: groups.filter((group) => group.title === title).flatMap(({ bindings }) => bindings),
  }));
}
