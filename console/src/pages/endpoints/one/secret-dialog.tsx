import { Code, Group, Modal, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { CopyButton } from '../../../parts/copy-button.tsx';
import { TextBlock } from '../../../parts/text-block.tsx';

export interface SecretDialogProps {
  readonly secret: string | undefined;
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

/** With the library that comes with Earshot; the words of its options are its own. */
const verification = `import { verifySignature } from 'earshot/protocol';

// body: the bytes as they came (without gzip), before they are parsed
if (!verifySignature({ secret, headers, body, now: Date.now() })) return 401;`;

const signature = `key       = base64decode(secret without "whsec_")
text      = webhook-id + "." + webhook-timestamp + "." + body
signature = "v1," + base64(HMAC-SHA256(key, text))`;

/** The newest secret in the open, and what a receiver does with it. */
export function SecretDialog({ secret, isOpen, onClose }: SecretDialogProps) {
  const { t } = useTranslation('endpoints');
  const { t: tCommon } = useTranslation();
  return (
    <Modal
      opened={isOpen && secret !== undefined}
      onClose={onClose}
      size="lg"
      title={t('secret.dialogTitle')}
      closeButtonProps={{ 'aria-label': tCommon('close') }}
    >
      <Stack gap="sm">
        <Text size="sm">{t('secret.dialogText')}</Text>
        <Group gap={4} wrap="nowrap">
          <Code fz="sm" style={{ overflowWrap: 'anywhere' }}>
            {secret}
          </Code>
          <CopyButton text={secret ?? ''} what={t('secret.current')} />
        </Group>
        <Text size="sm">{t('secret.verify')}</Text>
        <TextBlock label={t('secret.anyLanguage')} text={signature} />
        <TextBlock label="TypeScript" text={verification} />
        <Text size="sm" c="dimmed">
          {t('secret.verifyAlso')}
        </Text>
      </Stack>
    </Modal>
  );
}
