import { showHidden } from '../given-text.ts';
import classes from './given.module.css';

export interface GivenProps {
  /** An id, a name: text that others have chosen. */
  readonly text: string;
  /** All of it, over several lines, rather than its beginning on one. */
  readonly isWhole?: boolean;
}

/** Text that others have chosen, however long it is, kept from what stands beside it whichever way it is written. */
export function Given({ text, isWhole = false }: GivenProps) {
  const shown = showHidden(text);
  return isWhole ? (
    <bdi className={classes.whole}>{shown}</bdi>
  ) : (
    <bdi className={classes.cut} {...(shown.length > 30 ? { title: shown } : {})}>
      {shown}
    </bdi>
  );
}
