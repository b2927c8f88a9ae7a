const key = 'earshot.reloadedAt';
/** One that is missing again so soon is missing for another reason, and is told. */
const againAfterMs = 30_000;

/**
 * A page that was open while Earshot was upgraded asks for parts that are gone: it is loaded anew, once. Its address
 * holds what was looked for.
 */
export function reloadAfterUpgrade(): void {
  window.addEventListener('vite:preloadError', (event) => {
    const reloadedAt = Number(sessionStorage.getItem(key) ?? 0);
    if (Date.now() - reloadedAt < againAfterMs) return;
    event.preventDefault();
    sessionStorage.setItem(key, String(Date.now()));
    window.location.reload();
  });
}
