import { Kbd, TextInput } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { addresses } from '../addresses.ts';
import { useKeyBindings } from '../keyboard/keyboard.tsx';
import { Icon } from '../parts/icon.tsx';
import classes from './search-box.module.css';

/** Takes any id, whole or half, from anywhere; what it finds is the list of calls. */
export function SearchBox() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const field = useRef<HTMLInputElement>(null);
  const [words, setWords] = useState('');
  useKeyBindings(t('keys.everywhere'), [
    { keys: '/', label: t('search.key'), run: () => field.current?.select() },
  ]);
  const search = (): void => {
    const q = words.trim();
    void navigate({ to: addresses.calls, search: q === '' ? {} : { q } });
    field.current?.blur();
    setWords('');
  };
  return (
    <form
      role="search"
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault();
        search();
      }}
    >
      <TextInput
        ref={field}
        type="search"
        value={words}
        onChange={(event) => setWords(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') event.currentTarget.blur();
        }}
        aria-label={t('search.label')}
        placeholder={t('search.placeholder')}
        leftSection={<Icon name="search" />}
        rightSection={<Kbd size="xs">/</Kbd>}
        maxLength={500}
      />
    </form>
  );
}
