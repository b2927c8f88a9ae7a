import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './json-tree.module.css';
import { Given } from '../parts/given.tsx';
import { parseJson, type JsonNode, type Member } from './parse-json.ts';

export interface JsonTreeProps {
  /** What `node` was read from. */
  readonly text: string;
  readonly node: JsonNode;
}

/** Deeper parts begin closed, and are not made before they are opened: messages may be very deep. */
const openLevels = 1;

/** JSON to look through: parts open and close by pointer and keyboard, and every digit is as received. */
export function JsonTree({ text, node }: JsonTreeProps) {
  return (
    <div className={classes.tree}>
      <Value text={text} node={node} level={0} />
    </div>
  );
}

interface ValueProps extends JsonTreeProps {
  readonly level: number;
  readonly name?: ReactNode;
}

function Value({ text, node, level, name }: ValueProps) {
  if (node.kind === 'object' || node.kind === 'array')
    return <Branch text={text} node={node} level={level} name={name} />;
  if (node.kind === 'string') return <StringValue text={text} node={node} level={level} name={name} />;
  return (
    <>
      {name}
      <Given text={text.slice(node.from, node.to)} isWhole />
    </>
  );
}

function Branch({ text, node, level, name }: ValueProps & { readonly node: JsonNode }) {
  const { t } = useTranslation();
  const [isOpen, setOpen] = useState(level < openLevels);
  const members = membersOf(node);
  const [open, close] = node.kind === 'array' ? '[]' : '{}';
  if (members.length === 0)
    return (
      <>
        {name}
        {open}
        {close}
      </>
    );
  return (
    <details open={isOpen} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary className={classes.summary}>
        {name}
        {isOpen ? (
          open
        ) : (
          <>
            {open} <span className={classes.faint}>{t('json.members', { count: members.length })}</span>{' '}
            {close}
          </>
        )}
      </summary>
      {isOpen && (
        <>
          <ul className={classes.list}>
            {members.map((member, index) => (
              <li key={index}>
                <Value
                  text={text}
                  node={member.value}
                  level={level + 1}
                  name={
                    node.kind === 'object' && (
                      <>
                        <span className={classes.name}>
                          <Given text={JSON.stringify(member.name)} isWhole />
                        </span>
                        :{' '}
                      </>
                    )
                  }
                />
              </li>
            ))}
          </ul>
          {close}
        </>
      )}
    </details>
  );
}

function membersOf(node: JsonNode): readonly Member[] {
  if (node.kind === 'object') return node.members;
  return node.kind === 'array' ? node.items.map((value) => ({ name: '', value })) : [];
}

/** A string as it stands in the text. One that holds JSON itself (conversationRecord) opens as that. */
function StringValue({ text, node, level, name }: ValueProps & { readonly node: JsonNode }) {
  const { t } = useTranslation();
  const inner = node.kind === 'string' && /^\s*[[{]/.test(node.value) ? parseJson(node.value) : undefined;
  const shown = text.slice(node.from, node.to);
  if (!inner || node.kind !== 'string')
    return (
      <>
        {name}
        <Given text={shown} isWhole />
      </>
    );
  return (
    <details>
      <summary className={classes.summary}>
        {name}
        <Given text={shown} isWhole /> <span className={classes.faint}>{t('json.inside')}</span>
      </summary>
      <Value text={node.value} node={inner} level={level} />
    </details>
  );
}
