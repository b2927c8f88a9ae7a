import { Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../../i18n/use-format.ts';
import { readText } from '../body/body-text.ts';
import { findJsonFault, type JsonFault } from '../body/find-json-fault.ts';
import classes from './body-fault.module.css';
import { showHidden } from '../../../given-text.ts';

export interface BodyFaultProps {
  readonly bytes: Uint8Array;
  /** A word of docs/errors.md, “Quarantine reasons”. */
  readonly reason: string;
}

/** Where exactly it stops being what it should be, in words and in the text; nothing where no place can be named. */
export function BodyFault({ bytes, reason }: BodyFaultProps) {
  const { t } = useTranslation('quarantine');
  const format = useFormat();
  const { text, faultAt } = readText(bytes);
  if (reason === 'not-utf-8' && faultAt !== undefined) {
    return (
      <Text size="sm" fw={500}>
        {t('utf8Fault', {
          at: format.number(faultAt),
          byte: (bytes[faultAt] ?? 0).toString(16).padStart(2, '0').toUpperCase(),
        })}
      </Text>
    );
  }
  if (reason !== 'not-json' || text === undefined) return null;
  const fault = findJsonFault(text);
  return fault ? <JsonFaultPlace text={text} fault={fault} label={t('excerpt')} /> : null;
}

interface JsonFaultPlaceProps {
  readonly text: string;
  readonly fault: JsonFault;
  /** Names the excerpt: there may be two on the page. */
  readonly label: string;
}

/** Also of what is being typed: the editor shows it while there is something wrong. */
export function JsonFaultPlace({ text, fault, label }: JsonFaultPlaceProps) {
  const { t } = useTranslation('quarantine');
  const format = useFormat();
  return (
    <Stack gap={4}>
      <Text size="sm" fw={500}>
        {t('place', {
          line: format.number(fault.line),
          column: format.number(fault.column),
          fault: t(`fault.${fault.kind}`, { found: fault.found ?? '' }),
        })}
      </Text>
      <Excerpt text={text} at={fault.at} label={label} />
    </Stack>
  );
}

const around = 60;

interface ExcerptProps {
  readonly text: string;
  readonly at: number;
  readonly label: string;
}

/** The text around a place, the character that stands there marked. */
function Excerpt({ text, at, label }: ExcerptProps) {
  const { t } = useTranslation('quarantine');
  const from = Math.max(0, at - around);
  const to = Math.min(text.length, at + around);
  const marked = String.fromCodePoint(text.codePointAt(at) ?? 0x20);
  return (
    <pre className={classes.excerpt} tabIndex={0} role="region" aria-label={label}>
      {from > 0 && '…'}
      {showHidden(text.slice(from, at))}
      <mark>{at < text.length ? showHidden(marked) : t('end')}</mark>
      {showHidden(text.slice(at + marked.length, to))}
      {to < text.length && '…'}
    </pre>
  );
}
