import type { MantineColorsTuple } from '@mantine/core';

/** The house's colour: deep water. Shade 7 and darker carry white text, 3 and lighter carry it on dark. */
export const sea: MantineColorsTuple = [
  '#e8f6f8',
  '#d2ebef',
  '#a6d8e0',
  '#74c2cf',
  '#45a9b9',
  '#218fa1',
  '#12788a',
  '#0b6172',
  '#0b5563',
  '#083f4a',
];

/** Greys with a breath of the same blue, for a light page. */
export const gray: MantineColorsTuple = [
  '#f7f9fa',
  '#eef2f4',
  '#e3e9ec',
  '#d4dce0',
  '#bcc7cd',
  '#97a5ad',
  '#67767f',
  '#4c5a63',
  '#323d45',
  '#1b242a',
];

/** And for a dark one: from text (0) to the deepest ground (9). */
export const dark: MantineColorsTuple = [
  '#d5dde1',
  '#b3bfc6',
  '#8f9ea7',
  '#66757e',
  '#3c4951',
  '#303b42',
  '#232d33',
  '#1a2227',
  '#151c20',
  '#0f1417',
];
