import { Text } from '@mantine/core';
import markAddress from './earshot.svg';

export interface MarkProps {
  readonly size: number;
  /** Hides the name where there is no room for it. */
  readonly isShort?: boolean;
}

/** The sign of the house, and its name. */
export function Mark({ size, isShort = false }: MarkProps) {
  return (
    <>
      <img src={markAddress} alt={isShort ? 'Earshot' : ''} width={size} height={size} />
      {!isShort && (
        <Text component="span" fw={600} size="lg">
          Earshot
        </Text>
      )}
    </>
  );
}
