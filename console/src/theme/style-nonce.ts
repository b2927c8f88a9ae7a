declare global {
  /** Where react-remove-scroll, which dialogs lock the page with, looks for a nonce. */
  var __webpack_nonce__: string | undefined;
}

/**
 * The nonce of this page's Content-Security-Policy, by which libraries may add style elements. Browsers hide
 * the attribute and keep the property.
 */
export function readStyleNonce(): string {
  const nonce = document.querySelector<HTMLMetaElement>('meta[property=csp-nonce]')?.nonce ?? '';
  globalThis.__webpack_nonce__ = nonce;
  return nonce;
}
