import { Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Acknowledgement } from '../../../src/contract/acknowledgements.ts';
import { Instant } from './instant.tsx';

/** Who acknowledged it, when, and why. */
export function AcknowledgementNote({ of }: { readonly of: Acknowledgement }) {
  const { t } = useTranslation();
  return (
    <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
      {t('acknowledge.said', { actor: of.by.name, reason: of.reason })} <Instant at={of.at} />
    </Text>
  );
}
