import { createContext, use, useCallback, useLayoutEffect, useRef, useState, type ReactNode } from 'react';
import {
  isForThePage,
  matchKeys,
  nameKey,
  sequenceMs,
  type KeyBinding,
  type KeyGroup,
} from './key-binding.ts';

/** Adds a group and returns what takes it away again. */
type AddGroup = (group: KeyGroup) => () => void;

// Two, so that a page that registers its keys is not rendered again by that.
const AddGroupContext = createContext<AddGroup | undefined>(undefined);
const GroupsContext = createContext<readonly KeyGroup[]>([]);

/**
 * Hears keys for the whole page, wherever the focus is that does not type. What is bound is so by layout effects: what
 * one sees can be used, however slow the machine.
 */
export function KeyboardProvider({ children }: { readonly children: ReactNode }) {
  const [groups, setGroups] = useState<readonly KeyGroup[]>([]);
  useKeys(groups);
  const add = useCallback<AddGroup>((group) => {
    setGroups((others) => [...others, group]);
    return () => setGroups((others) => others.filter((other) => other !== group));
  }, []);
  return (
    <AddGroupContext value={add}>
      <GroupsContext value={groups}>{children}</GroupsContext>
    </AddGroupContext>
  );
}

function useKeys(groups: readonly KeyGroup[]): void {
  const current = useRef(groups);
  useLayoutEffect(() => {
    current.current = groups;
  }, [groups]);
  useLayoutEffect(() => {
    let before: { readonly key: string; readonly atMs: number } | undefined;
    const onKeyDown = (event: KeyboardEvent): void => {
      const key = nameKey(event);
      if (key === undefined || event.defaultPrevented || !(event.target instanceof Element)) return;
      if (!isForThePage(event.target, key)) return;
      const isSequence = before !== undefined && event.timeStamp - before.atMs < sequenceMs;
      const match = matchKeys(current.current, isSequence ? before?.key : undefined, key);
      before = match === 'waits' ? { key, atMs: event.timeStamp } : undefined;
      if (match === undefined || match === 'waits') return;
      event.preventDefault();
      match.run();
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, []);
}

/** All that can be pressed now, for the map under `?`. */
export function useKeyGroups(): readonly KeyGroup[] {
  return use(GroupsContext);
}

/**
 * Registers a page's keys while it is shown. The bindings may be made anew by every render: what runs is
 * always the latest; the map shows them as they were when their keys or labels last changed.
 */
export function useKeyBindings(title: string, bindings: readonly KeyBinding[]): void {
  const add = use(AddGroupContext);
  const latest = useRef(bindings);
  useLayoutEffect(() => {
    latest.current = bindings;
  });
  const shape = JSON.stringify(bindings.map(({ keys, label }) => [keys, label]));
  useLayoutEffect(() => {
    const parts = JSON.parse(shape) as [string, string][];
    return add?.({
      title,
      bindings: parts.map(([keys, label]) => ({
        keys,
        label,
        run: () => latest.current.find((binding) => binding.keys === keys)?.run(),
      })),
    });
  }, [add, title, shape]);
}
