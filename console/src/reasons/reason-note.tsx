import { Stack, Text } from '@mantine/core';
import { WithCode } from '../parts/with-code.tsx';
import { useReasons, type ReasonKind } from './use-reasons.ts';

export interface ReasonProps {
  readonly kind: ReasonKind;
  /** A word of docs/errors.md. */
  readonly word: string;
}

/** The reason in a few words, for a line of a list; the cause is in the tooltip. */
export function ReasonName({ kind, word }: ReasonProps) {
  const { name, cause } = useReasons()(kind, word);
  return <span title={cause}>{name}</span>;
}

/** Where it comes from and what to do about it, in two sentences. */
export function ReasonNote({ kind, word }: ReasonProps) {
  const { cause, remedy } = useReasons()(kind, word);
  return (
    <Stack gap={2}>
      <Text size="sm">
        <WithCode text={cause} />
      </Text>
      <Text size="sm" c="dimmed">
        <WithCode text={remedy} />
      </Text>
    </Stack>
  );
}
