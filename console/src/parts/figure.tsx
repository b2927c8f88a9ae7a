import { Text } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './figure.module.css';

export interface FigureProps {
  readonly label: string;
  readonly value: ReactNode;
  /** Wants somebody's attention; the words around say why. */
  readonly tone?: 'bad' | 'warn';
}

/** A number and what it counts; belongs into a `Figures`. */
export function Figure({ label, value, tone }: FigureProps) {
  return (
    <div className={classes.figure}>
      <Text component="dt" size="xs" c="dimmed">
        {label}
      </Text>
      <dd className={classes.value} {...(tone === undefined ? {} : { 'data-tone': tone })}>
        {value}
      </dd>
    </div>
  );
}

/** Figures in a row that wraps. */
export function Figures({ children }: { readonly children: ReactNode }) {
  return <dl className={classes.figures}>{children}</dl>;
}
