import { useRef, type RefObject } from 'react';
import { useTranslation } from 'react-i18next';
import { useKeyBindings } from './keyboard.tsx';

/**
 * `j` and `k` move the focus from row to row of a list. Goes on the element around the rows; in each row, what takes
 * the focus (its link, as a rule, so that Enter opens it) has the attribute `data-row`.
 */
export function useRowKeys(title: string): RefObject<HTMLTableSectionElement | null> {
  const { t } = useTranslation();
  const list = useRef<HTMLTableSectionElement>(null);
  const move = (step: 1 | -1): void => {
    const rows = [...(list.current?.querySelectorAll<HTMLElement>('[data-row]') ?? [])];
    const at = rows.findIndex((row) => row.closest('tr')?.contains(document.activeElement));
    const next = at === -1 ? (step === 1 ? 0 : rows.length - 1) : at + step;
    rows[next]?.focus();
  };
  useKeyBindings(title, [
    { keys: 'j', label: t('keys.nextRow'), run: () => move(1) },
    { keys: 'k', label: t('keys.previousRow'), run: () => move(-1) },
  ]);
  return list;
}
