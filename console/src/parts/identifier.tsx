import { Code, Group } from '@mantine/core';
import { CopyButton } from './copy-button.tsx';
import classes from './identifier.module.css';
import { isolate, showHidden } from '../given-text.ts';

export interface IdentifierProps {
  readonly id: string;
  /** What it is, for the button's name: "callId". */
  readonly what: string;
  /** Shows the whole of it over several lines rather than cutting it off. */
  readonly isWhole?: boolean;
}

/** An id as it came, with a button that copies it. */
export function Identifier({ id, what, isWhole = false }: IdentifierProps) {
  return (
    <Group gap={2} wrap="nowrap" className={classes.group}>
      <Code className={isWhole ? classes.whole : classes.cut} title={isolate(id)}>
        {showHidden(id)}
      </Code>
      <CopyButton text={id} what={what} />
    </Group>
  );
}
