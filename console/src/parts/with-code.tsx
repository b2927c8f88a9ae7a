import { Code } from '@mantine/core';
import { Fragment } from 'react';

/** A sentence in which `words between backticks` are to be read as they stand: a command, a header. */
export function WithCode({ text }: { readonly text: string }) {
  return text
    .split('`')
    .map((part, index) =>
      index % 2 === 1 ? <Code key={index}>{part}</Code> : <Fragment key={index}>{part}</Fragment>,
    );
}
