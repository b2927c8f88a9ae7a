import { Group, Text } from '@mantine/core';
import { CopyButton } from './copy-button.tsx';
import classes from './text-block.module.css';
import { showHidden } from '../given-text.ts';

export interface TextBlockProps {
  /** What it is: "Body", for the eye and for a screen reader. */
  readonly label: string;
  readonly text: string;
}

/** Text as it stands, in type of one width; scrolls by itself, with the keyboard too. */
export function TextBlock({ label, text }: TextBlockProps) {
  return (
    <div>
      <Group justify="space-between" gap="xs">
        <Text size="xs" c="dimmed" component="span">
          {label}
        </Text>
        <CopyButton text={text} what={label} />
      </Group>
      <pre className={classes.text} tabIndex={0} role="region" aria-label={label}>
        {showHidden(text)}
      </pre>
    </div>
  );
}
