/** A key, or two after each other (`g c`), that does something on the page that is shown. */
export interface KeyBinding {
  /** As `KeyboardEvent.key` names it: `j`, `?`, `ArrowLeft`, `Shift+ArrowLeft`, `Space`; two with a space between. */
  readonly keys: string;
  /** What it does, in the reader's language. */
  readonly label: string;
  readonly run: () => void;
}

export interface KeyGroup {
  readonly title: string;
  readonly bindings: readonly KeyBinding[];
}

/** What a pressed key is called in a binding; undefined where it belongs to the browser. */
export function nameKey(event: {
  readonly key: string;
  readonly shiftKey: boolean;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
}): string | undefined {
  if (event.ctrlKey || event.metaKey || event.altKey) return undefined;
  const name = event.key === ' ' ? 'Space' : event.key;
  // What Shift makes of a letter or a sign is a key of its own already: `?`, `G`.
  return event.shiftKey && name.length > 1 ? `Shift+${name}` : name;
}

const typing =
  'input:not([type=checkbox]):not([type=radio]):not([type=range]), textarea, select, [contenteditable=true]';
/** A key that the focused control needs for itself. */
const controls = 'button, a, summary, [role=menuitem], [role=tab], [role=option], [role=slider], input';

/** Whether a key pressed on `target` is for the page, or for the field or control that has the focus. */
export function isForThePage(target: Element, key: string): boolean {
  if (target.closest(typing) || target.closest('[role=dialog], [role=menu], [role=listbox]')) return false;
  const isControls = key === 'Space' || key === 'Enter' || key.includes('Arrow');
  return !(isControls && target.closest(controls));
}

/** How long the second key of two may wait for. */
export const sequenceMs = 1200;

/** What `pressed` means after `before`: a binding to run, a first key to wait behind, or nothing. */
export function matchKeys(
  groups: readonly KeyGroup[],
  before: string | undefined,
  pressed: string,
): KeyBinding | 'waits' | undefined {
  const bindings = groups.flatMap((group) => group.bindings);
  const both =
    before === undefined ? undefined : bindings.find(({ keys }) => keys === `${before} ${pressed}`);
  // The latest group is the innermost part of the page.
  return (
    both ??
    bindings.findLast(({ keys }) => keys === pressed) ??
    (bindings.some(({ keys }) => keys.startsWith(`${pressed} `)) ? 'waits' : undefined)
  );
}
