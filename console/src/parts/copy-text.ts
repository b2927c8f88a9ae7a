/**
 * Puts text on the clipboard. Over plain http (a console in an office network) browsers offer no clipboard but
 * the old way, by selecting.
 */
export async function copyText(text: string): Promise<void> {
  if (navigator.clipboard !== undefined) {
    await navigator.clipboard.writeText(text);
    return;
  }
  const before = document.activeElement;
  const field = document.createElement('textarea');
  field.value = text;
  field.style.position = 'fixed';
  field.style.opacity = '0';
  // Inside the open dialog, if there is one: it keeps the focus to itself.
  (before?.closest('[role=dialog]') ?? document.body).append(field);
  field.select();
  // oxlint-disable-next-line typescript/no-deprecated -- there is no other way without https.
  document.execCommand('copy');
  field.remove();
  if (before instanceof HTMLElement) before.focus();
}
