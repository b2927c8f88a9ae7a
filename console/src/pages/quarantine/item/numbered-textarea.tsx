import { useRef, type KeyboardEventHandler } from 'react';
import classes from './numbered-textarea.module.css';

export interface NumberedTextareaProps {
  readonly label: string;
  /** The id of what describes it: what is wrong with it, as a rule. */
  readonly describedBy: string;
  readonly value: string;
  readonly isInvalid: boolean;
  readonly onChange: (value: string) => void;
  readonly onKeyDown?: KeyboardEventHandler;
}

/** A field for text of many lines, numbered; lines do not wrap, so that each number stands beside its line. */
export function NumberedTextarea(props: NumberedTextareaProps) {
  const numbers = useRef<HTMLPreElement>(null);
  const count = props.value.split('\n').length;
  return (
    <div className={classes.frame}>
      <pre ref={numbers} className={classes.numbers} aria-hidden="true">
        {Array.from({ length: count }, (_, index) => index + 1).join('\n')}
      </pre>
      <textarea
        className={classes.text}
        aria-label={props.label}
        aria-describedby={props.describedBy}
        aria-invalid={props.isInvalid}
        value={props.value}
        rows={Math.min(24, Math.max(6, count))}
        wrap="off"
        spellCheck={false}
        autoComplete="off"
        onChange={(event) => props.onChange(event.currentTarget.value)}
        onKeyDown={props.onKeyDown}
        onScroll={(event) => {
          if (numbers.current) numbers.current.scrollTop = event.currentTarget.scrollTop;
        }}
      />
    </div>
  );
}
